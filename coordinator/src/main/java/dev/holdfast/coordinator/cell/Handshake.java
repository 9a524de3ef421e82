package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Order.Standing;
import dev.holdfast.schemas.attempt.WorkerReport.WorkerStarted;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.RequeueReason;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.List;
import java.util.Optional;

/**
 * A worker started: it is told how everything stands that it found, and what it was believed to
 * hold and does not have is settled at once. Repeating the handshake changes nothing: only
 * assignments to an older incarnation are settled.
 */
final class Handshake {
  private Handshake() {}

  static void started(Turn turn, WorkerStarted started) {
    Optional<WorkerView> known = turn.cell().findWorker(started.worker());
    if (known.isPresent() && known.get().incarnation() > started.incarnation()) {
      return;
    }
    if (known.isEmpty() || known.get().incarnation() < started.incarnation()) {
      turn.cell().put(WorkerView.started(started.worker(), started.incarnation()));
    }
    for (JobId id : turn.cell().fleet().heldBy(started.worker())) {
      turn.cell().find(id).ifPresent(job -> settle(turn, job, started));
    }
    List<Order.Verdict> verdicts =
        started.held().stream()
            .map(held ->
                new Order.Verdict(
                    held.job(), held.token(), standing(turn.cell(), started.worker(), held)))
            .toList();
    turn.order(new Order.Reconciled(started.worker(), started.incarnation(), verdicts));
  }

  private static void settle(Turn turn, Job job, WorkerStarted started) {
    if (!(job.standing() instanceof Running run)
        || run.incarnation() >= started.incarnation()
        || started.held().contains(new HeldAttempt(job.id(), run.token()))) {
      return;
    }
    var cause =
        new Cause(
            "worker:" + started.worker(),
            "restarted as incarnation "
                + started.incarnation()
                + (run.taken() ? " without the attempt that it had taken" : " and never took it"));
    turn.lose(job, run, run.taken() ? RequeueReason.LOST : RequeueReason.NEVER_ARRIVED, cause);
  }

  private static Standing standing(Cell cell, WorkerId worker, HeldAttempt held) {
    Optional<Job> living = cell.find(held.job());
    if (living.isEmpty()) {
      return cell.findEnded(held.job()).isPresent() ? Standing.SUPERSEDED : Standing.UNKNOWN;
    }
    if (living.get().standing() instanceof Running run
        && run.token().equals(held.token())
        && run.worker().equals(worker)) {
      return run.cancelling() ? Standing.CANCELLING : Standing.CURRENT;
    }
    return Standing.SUPERSEDED;
  }
}
