package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.RequeueReason;
import java.util.Optional;

/** What workers report about an attempt. Accepted only under the current token. */
final class Reports {
  private Reports() {}

  static void decide(Turn turn, WorkerReport.OfAttempt report) {
    Optional<Job> living = turn.cell().find(report.job());
    if (living.isPresent()
        && living.get().standing() instanceof Running run
        && run.token().equals(report.token())
        && run.worker().equals(report.worker())) {
      accept(turn, living.get(), run, report);
    } else {
      refuse(turn, living, report);
    }
  }

  private static void accept(Turn turn, Job job, Running run, WorkerReport.OfAttempt report) {
    var cause = Cause.by("worker:" + report.worker());
    switch (report) {
      case WorkerReport.Taken taken -> {
        if (!run.taken()) {
          turn.emit(new JobEvent.Taken(job.id(), turn.now(), cause, run.token()));
        }
      }
      case WorkerReport.PhaseEntered entered -> {
        // Reports that are sent again may overtake each other; an attempt does not go back.
        if (entered.phase().isAfter(run.phase())) {
          turn.emit(
              new JobEvent.PhaseEntered(job.id(), turn.now(), cause, run.token(), entered.phase()));
        }
      }
      case WorkerReport.Adopted adopted -> {
        if (run.incarnation() < adopted.incarnation()) {
          turn.emit(
              new JobEvent.Adopted(
                  job.id(),
                  turn.now(),
                  new Cause(cause.by(), adopted.evidence()),
                  run.token(),
                  adopted.worker(),
                  adopted.incarnation()));
        }
      }
      case WorkerReport.FileKept kept -> {
        if (!job.kept().equals(job.kept().with(kept.kind(), kept.file()))) {
          turn.emit(
              new JobEvent.FileKept(
                  job.id(), turn.now(), cause, run.token(), kept.kind(), kept.file()));
        }
      }
      case WorkerReport.Renew renew -> renew(turn, job, run, renew);
      case WorkerReport.Ended ended -> Endings.end(turn, job, run, ended);
      case WorkerReport.Lost lost -> {
        turn.lose(job, run, RequeueReason.LOST, new Cause(cause.by(), lost.evidence()));
        turn.order(new Order.Clean(run.worker(), job.id(), run.token()));
      }
      case WorkerReport.Released released -> {
        turn.cell().findWorker(run.worker()).ifPresent(view -> turn.cell().put(view.handedBack()));
        turn.lose(job, run, RequeueReason.RELEASED, new Cause(cause.by(), released.why()));
      }
    }
  }

  private static void renew(Turn turn, Job job, Running run, WorkerReport.Renew renew) {
    long sequence = run.leaseSequence() + 1;
    turn.emit(
        new JobEvent.LeaseRenewed(
            job.id(),
            turn.now(),
            new Cause("worker:" + renew.worker(), "asked for its lease after it had run out"),
            run.token(),
            sequence));
    turn.effect(Leases.open(job, run.token(), sequence, run.worker()));
    turn.order(new Order.Renewed(run.worker(), job.id(), run.token(), renew.request()));
    if (run.cancelling()) {
      turn.order(new Order.Stop(run.worker(), job.id(), run.token(), Order.StopReason.CANCELLED));
    }
  }

  /**
   * The attempt is not, or no longer, the job's: it is told to end. The one exception is the
   * repeated report of an end that was accepted, whose answer got lost.
   */
  private static void refuse(Turn turn, Optional<Job> living, WorkerReport.OfAttempt report) {
    Optional<EndedJob> ended = turn.cell().findEnded(report.job());
    boolean gone = report instanceof WorkerReport.Ended || report instanceof WorkerReport.Lost;
    boolean settled =
        ended.map(job -> report.token().equals(job.token())).orElse(false)
            || living.map(job -> report.token().equals(job.settled())).orElse(false);
    if (gone && settled) {
      turn.order(new Order.Clean(report.worker(), report.job(), report.token()));
      return;
    }
    if (report instanceof WorkerReport.Ended && (living.isPresent() || ended.isPresent())) {
      turn.emit(
          new JobEvent.ReportRefused(
              report.job(),
              turn.now(),
              Cause.by("worker:" + report.worker()),
              "ended",
              report.token(),
              "the outcome of token " + report.token() + " came after it had been overtaken"));
    }
    turn.order(
        new Order.Stop(report.worker(), report.job(), report.token(), Order.StopReason.SUPERSEDED));
  }
}
