package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Queued;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.Job.Waiting;
import dev.holdfast.schemas.job.JobEvent;

/** Ends living jobs on request: at once while they wait, by their worker while they run. */
final class Cancellations {
  private Cancellations() {}

  static void cancel(Turn turn, Job job, Cause cause) {
    switch (job.standing()) {
      case Waiting waiting -> end(turn, job, cause);
      case Queued queued -> end(turn, job, cause);
      case Running run -> {
        if (!run.cancelling()) {
          turn.emit(new JobEvent.CancelRequested(job.id(), turn.now(), cause, run.token()));
        }
        turn.order(new Order.Stop(run.worker(), job.id(), run.token(), Order.StopReason.CANCELLED));
      }
    }
  }

  private static void end(Turn turn, Job job, Cause cause) {
    var outcome = new Outcome.Cancelled(0);
    turn.emit(
        new JobEvent.Ended(
            job.id(),
            turn.now(),
            cause,
            outcome.state(),
            job.attempt(),
            null,
            outcome,
            null,
            null));
  }
}
