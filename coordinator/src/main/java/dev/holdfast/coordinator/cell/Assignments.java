package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.worker.Presence;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Gives waiting jobs to free slots, the first job to the worker with the most of them that has what
 * the job needs.
 */
final class Assignments {
  private static final long FIRST_LEASE_SEQUENCE = 1;

  private Assignments() {}

  static void fill(Turn turn) {
    Set<Need> served = EnumSet.allOf(Need.class);
    while (true) {
      Optional<JobId> next = turn.cell().ready().first(served);
      if (next.isEmpty()) {
        return;
      }
      Job job = turn.cell().find(next.get()).orElseThrow();
      Need need = Need.of(job.spec());
      Optional<WorkerView> worker = turn.cell().fleet().mostFree(need, turn.now());
      if (worker.isPresent()) {
        assign(turn, job, worker.get());
      } else {
        served.remove(need);
      }
    }
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
