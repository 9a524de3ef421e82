package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.QuotaNotice;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.cell.Control.PauseScope;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.job.QuotaRule;
import dev.holdfast.schemas.job.RequeueReason;
import java.time.Instant;
import java.util.Optional;

/**
 * What an attempt's outcome means for its job: its own end, another try later, or a wait of all
 * jobs of its account. The lease is over in any case.
 */
final class Endings {
  private Endings() {}

  static void end(Turn turn, Job job, Running run, WorkerReport.Ended report) {
    boolean last = run.cancelling() || report.outcome().state() == JobState.SUCCEEDED;
    QuotaRule quota = job.spec().quota();
    Optional<Retries.Retry> retry =
        last ? Optional.empty() : Retries.after(job, report.outcome(), turn.now());
    turn.effect(new Effect.CloseLease(job.id()));
    if (!last && quota != null && report.quota() != null) {
      awaitReset(turn, job, run, quota, report.quota());
    } else if (retry.isPresent()) {
      turn.emit(retried(turn, job, run, report, retry.get()));
    } else {
      turn.emit(ended(turn, job, run, report));
    }
    turn.order(new Order.Clean(run.worker(), job.id(), run.token()));
  }

  private static JobEvent ended(Turn turn, Job job, Running run, WorkerReport.Ended report) {
    return new JobEvent.Ended(
        job.id(),
        turn.now(),
        cause(report),
        report.outcome().state(),
        job.attempt(),
        run.token(),
        report.outcome(),
        report.output(),
        report.result(),
        report.usage());
  }

  private static JobEvent retried(
      Turn turn, Job job, Running run, WorkerReport.Ended report, Retries.Retry retry) {
    return new JobEvent.Retried(
        job.id(),
        turn.now(),
        cause(report),
        job.attempt(),
        run.token(),
        retry.cause(),
        retry.until(),
        report.outcome(),
        report.output(),
        report.result(),
        report.usage());
  }

  /** Pauses the account until its limit is reset, unless it is paused for longer already. */
  private static void awaitReset(
      Turn turn, Job job, Running run, QuotaRule quota, QuotaNotice notice) {
    Instant earliest = turn.now().plusSeconds(1);
    Instant asked = notice.resetAt() == null ? turn.now().plus(quota.pause()) : notice.resetAt();
    Instant until = asked.isBefore(earliest) ? earliest : asked;
    var pause = new Control.Pause(PauseScope.ACCOUNT, quota.account(), until);
    var cause = new Cause("worker:" + run.worker(), "job " + job.id() + " said: " + notice.said());
    boolean longer =
        turn.cell()
            .findControl(pause.key())
            .map(standing -> ((Control.Pause) standing.control()).until())
            .map(standing -> standing.isBefore(until))
            .orElse(true);
    if (longer && !isHeldByHand(turn.cell(), pause.key())) {
      turn.emit(new CellEvent.ControlSet(turn.now(), cause, pause));
    }
    turn.emit(
        new JobEvent.Requeued(
            job.id(),
            turn.now(),
            new Cause(
                "worker:" + run.worker(),
                "the limit of account "
                    + quota.account()
                    + " is reached, reset at "
                    + until
                    + ": "
                    + notice.said()),
            job.attempt(),
            run.token(),
            RequeueReason.QUOTA));
  }

  /** A pause without an end was set by somebody who will end it. */
  private static boolean isHeldByHand(Cell cell, String key) {
    return cell.findControl(key)
        .filter(standing -> ((Control.Pause) standing.control()).until() == null)
        .isPresent();
  }

  private static Cause cause(WorkerReport.Ended report) {
    return new Cause("worker:" + report.worker(), report.outcome().describe());
  }
}
