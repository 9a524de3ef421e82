package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Queued;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobEvent;
import java.util.function.UnaryOperator;

/** Applies decided facts to a cell. Takes no clock: what it needs is in the event. */
public final class Evolution {
  private Evolution() {}

  public static void apply(Cell cell, JobEvent event) {
    switch (event) {
      case JobEvent.Submitted submitted -> submitted(cell, submitted);
      case JobEvent.Assigned assigned -> assigned(cell, assigned);
      case JobEvent.Taken taken ->
          running(
              cell, taken, run -> with(run, true, Phase.PREPARING, run.health(), run.cancelling()));
      case JobEvent.PhaseEntered entered ->
          running(
              cell,
              entered,
              run -> with(run, true, entered.phase(), run.health(), run.cancelling()));
      case JobEvent.HealthChanged changed ->
          running(
              cell,
              changed,
              run -> with(run, run.taken(), run.phase(), changed.health(), run.cancelling()));
      case JobEvent.Adopted adopted ->
          running(
              cell,
              adopted,
              run ->
                  new Running(
                      run.token(),
                      adopted.worker(),
                      adopted.incarnation(),
                      run.leaseSequence(),
                      true,
                      run.taken() ? run.phase() : Phase.PREPARING,
                      run.health(),
                      run.cancelling()));
      case JobEvent.LeaseRenewed renewed ->
          running(
              cell,
              renewed,
              run ->
                  new Running(
                      run.token(),
                      run.worker(),
                      run.incarnation(),
                      renewed.leaseSequence(),
                      run.taken(),
                      run.phase(),
                      Health.ON_TIME,
                      run.cancelling()));
      case JobEvent.CancelRequested cancel ->
          running(cell, cancel, run -> with(run, run.taken(), run.phase(), run.health(), true));
      case JobEvent.FileKept kept -> {
        Job job = living(cell, kept);
        cell.put(job.keeping(job.kept().with(kept.kind(), kept.file())));
      }
      case JobEvent.Requeued requeued -> requeued(cell, requeued);
      case JobEvent.Ended ended -> ended(cell, ended);
      case JobEvent.CommandRejected rejected -> {}
      case JobEvent.ReportRefused refused -> {}
    }
  }

  private static void submitted(Cell cell, JobEvent.Submitted event) {
    cell.restore(cell.counters().submitted(event.sequence()));
    cell.put(
        new Job(
            event.job(),
            event.spec(),
            event.specDigest(),
            event.sequence(),
            event.at(),
            0,
            0,
            new Queued()));
  }

  private static void assigned(Cell cell, JobEvent.Assigned event) {
    cell.restore(cell.counters().assigned(event.token()));
    Job job = living(cell, event);
    cell.put(
        new Job(
            job.id(),
            job.spec(),
            job.specDigest(),
            job.sequence(),
            job.submittedAt(),
            event.attempt(),
            job.lostAttempts(),
            new Running(
                event.token(),
                event.worker(),
                event.incarnation(),
                event.leaseSequence(),
                false,
                Phase.ASSIGNED,
                Health.ON_TIME,
                false),
            job.kept()));
  }

  private static void requeued(Cell cell, JobEvent.Requeued event) {
    Job job = living(cell, event);
    boolean costs = event.reason().costsAttempt();
    cell.put(
        new Job(
            job.id(),
            job.spec(),
            job.specDigest(),
            job.sequence(),
            job.submittedAt(),
            costs ? event.attempt() : event.attempt() - 1,
            costs ? job.lostAttempts() + 1 : job.lostAttempts(),
            new Queued(),
            job.kept()));
  }

  private static void ended(Cell cell, JobEvent.Ended event) {
    Job job = living(cell, event);
    cell.remove(new EndedJob(job.id(), job.specDigest(), event.state(), event.token()));
  }

  private static void running(Cell cell, JobEvent event, UnaryOperator<Running> change) {
    Job job = living(cell, event);
    if (!(job.standing() instanceof Running run)) {
      throw new IllegalStateException("job " + job.id() + " does not run, yet " + event);
    }
    cell.put(job.with(change.apply(run)));
  }

  private static Running with(
      Running run, boolean taken, Phase phase, Health health, boolean cancelling) {
    return new Running(
        run.token(),
        run.worker(),
        run.incarnation(),
        run.leaseSequence(),
        taken,
        phase,
        health,
        cancelling);
  }

  private static Job living(Cell cell, JobEvent event) {
    return cell.find(event.job())
        .orElseThrow(
            () -> new IllegalStateException("no living job " + event.job() + ", yet " + event));
  }
}
