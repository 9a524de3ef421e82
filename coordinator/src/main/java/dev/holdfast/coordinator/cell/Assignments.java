package dev.holdfast.coordinator.cell;

import dev.holdfast.coordinator.cell.ReadyQueue.Head;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.worker.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Gives waiting jobs to free slots: the job whose turn it is to the worker that suits it best. */
final class Assignments {
  private static final long FIRST_LEASE_SEQUENCE = 1;

  private Assignments() {}

  static void fill(Turn turn) {
    Cell cell = turn.cell();
    if (cell.queueLength() == 0 || !cell.fleet().hasRoom(turn.now())) {
      return;
    }
    var shares =
        new Shares(owner -> cell.running().of(LimitKeys.ofOwner(owner)), cell.controls()::weight);
    List<Head> heads = new ArrayList<>(cell.ready().heads());
    heads.removeIf(head -> cell.controls().pauses(head.lane()));
    while (!heads.isEmpty()) {
      int next = first(heads, shares);
      Lane lane = heads.get(next).lane();
      Job job = cell.find(heads.get(next).place().job()).orElseThrow();
      Optional<WorkerView> worker =
          cell.controls().admits(lane, cell.running())
              ? cell.fleet().best(job, lane, cell.controls(), turn.now())
              : Optional.empty();
      worker.ifPresent(found -> assign(turn, job, found));
      Head rest = worker.isPresent() ? cell.ready().head(lane) : null;
      if (rest == null) {
        heads.remove(next);
      } else {
        heads.set(next, rest);
      }
    }
  }

  private static int first(List<Head> heads, Shares shares) {
    int first = 0;
    for (int i = 1; i < heads.size(); i++) {
      Head one = heads.get(i);
      Head best = heads.get(first);
      if (shares.precedes(one.lane().owner(), one.place(), best.lane().owner(), best.place())) {
        first = i;
      }
    }
    return first;
  }

  private static void assign(Turn turn, Job job, WorkerView worker) {
    Presence presence = Objects.requireNonNull(worker.presence());
    var token = new Token(turn.cell().counters().token());
    int attempt = job.attempt() + 1;
    turn.emit(
        new JobEvent.Assigned(
            job.id(),
            turn.now(),
            Cause.by("coordinator"),
            attempt,
            token,
            FIRST_LEASE_SEQUENCE,
            worker.id(),
            presence.incarnation(),
            presence.sequence()));
    turn.effect(Leases.open(job, token, FIRST_LEASE_SEQUENCE, worker.id()));
    turn.order(
        new Order.Assigned(
            worker.id(),
            presence.incarnation(),
            presence.sequence(),
            job.id(),
            attempt,
            token,
            job.spec(),
            job.kept().equals(Kept.NOTHING) ? null : job.kept()));
  }
}
