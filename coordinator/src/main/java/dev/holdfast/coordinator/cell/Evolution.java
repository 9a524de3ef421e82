package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Queued;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.Job.Standing;
import dev.holdfast.schemas.job.Job.Waiting;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.job.RequeueReason;
import dev.holdfast.schemas.job.WaitReason;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Applies decided facts to a cell. Takes no clock: what it needs is in the event. */
public final class Evolution {
  private Evolution() {}

  public static void apply(Cell cell, JobEvent event) {
    switch (event) {
      case JobEvent.Submitted submitted -> submitted(cell, submitted);
      case JobEvent.Readied readied -> {
        Job job = living(cell, readied);
        cell.put(job.with(lockedOrQueued(job.spec())));
      }
      case JobEvent.Locked locked -> cell.put(living(cell, locked).with(new Queued()));
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
      case JobEvent.Retried retried ->
          cell.put(
              living(cell, retried)
                  .retrying(retried.token(), new Waiting(WaitReason.BACKOFF, retried.until())));
      case JobEvent.Ended ended -> ended(cell, ended);
      case JobEvent.CommandRejected rejected -> {}
      case JobEvent.ReportRefused refused -> {}
    }
  }

  /** Applies a decided fact that is not about one job. */
  public static void apply(Cell cell, CellEvent event) {
    switch (event) {
      case CellEvent.ControlSet set ->
          cell.put(new StandingControl(set.control(), set.cause(), set.at()));
      case CellEvent.ControlRemoved removed -> cell.removeControl(removed.control());
      case CellEvent.LockReleased released -> {}
      case CellEvent.CellCommandRejected rejected -> {}
    }
  }

  private static void submitted(Cell cell, JobEvent.Submitted event) {
    cell.restore(cell.counters().submitted(event.sequence(), event.at()));
    cell.put(
        new Job(
            event.job(),
            event.spec(),
            event.specDigest(),
            event.sequence(),
            event.at(),
            0,
            0,
            first(event.spec()),
            Kept.NOTHING,
            0,
            List.of(),
            event.cause().by(),
            null));
  }

  /** What a job waits for first. An earliest start that has passed is over at the next look. */
  private static Standing first(JobSpec spec) {
    Instant notBefore = spec.schedulingOrNone().notBefore();
    return notBefore == null ? lockedOrQueued(spec) : new Waiting(WaitReason.NOT_BEFORE, notBefore);
  }

  private static Standing lockedOrQueued(JobSpec spec) {
    return spec.allLocks().isEmpty() ? new Queued() : new Waiting(WaitReason.LOCKS, null);
  }

  private static void assigned(Cell cell, JobEvent.Assigned event) {
    cell.restore(cell.counters().assigned(event.token()));
    cell.put(
        living(cell, event)
            .with(
                new Running(
                    event.token(),
                    event.worker(),
                    event.incarnation(),
                    event.leaseSequence(),
                    false,
                    Phase.ASSIGNED,
                    Health.ON_TIME,
                    false),
                event.attempt()));
  }

  private static void requeued(Cell cell, JobEvent.Requeued event) {
    Job job = living(cell, event);
    if (event.reason() == RequeueReason.QUOTA) {
      cell.put(job.excused(event.token(), new Queued()));
    } else if (event.reason().costsAttempt() && job.standing() instanceof Running run) {
      cell.put(job.losing(new Job.Loss(event.attempt(), run.worker(), event.cause().why())));
    } else {
      cell.put(job.with(new Queued(), event.attempt() - 1));
    }
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
