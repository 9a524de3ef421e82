package dev.holdfast.coordinator.cell;

import dev.holdfast.coordinator.cell.CellInput.OfCellCommand;
import dev.holdfast.coordinator.cell.CellInput.OfCommand;
import dev.holdfast.coordinator.cell.CellInput.OfPresence;
import dev.holdfast.coordinator.cell.CellInput.OfReport;
import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.OutputTotals.StreamTotal;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.QuotaNotice;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.KeptKind;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.QuotaRule;
import dev.holdfast.schemas.job.RetryPolicy;
import dev.holdfast.schemas.job.Scheduling;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Jobs, workers and what is said about them, in few words. */
public final class JobFixtures {
  public static final CellRules RULES = new CellRules(Liveness.DEFAULT, Duration.ofSeconds(5), 1);
  public static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
  public static final long INCARNATION = 5;

  private JobFixtures() {}

  public static JobId job(String id) {
    return new JobId(id);
  }

  public static WorkerId worker(String id) {
    return new WorkerId(id);
  }

  public static JobSpec spec(int priority) {
    return new JobSpec(
        List.of("true"),
        null,
        null,
        new TreeMap<>(),
        new TreeMap<>(),
        priority,
        Timeouts.NONE,
        null);
  }

  /** The same for a job that is scheduled like none other. */
  public static JobSpec scheduled(
      int priority,
      Scheduling scheduling,
      List<LockWish> locks,
      @Nullable RetryPolicy retry,
      @Nullable QuotaRule quota) {
    return new JobSpec(
        List.of("true"),
        null,
        null,
        new TreeMap<>(),
        new TreeMap<>(),
        priority,
        Timeouts.NONE,
        null,
        new TreeMap<>(),
        List.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        scheduling,
        locks,
        retry,
        quota);
  }

  /** In a pool of its own, not before an instant. */
  public static Scheduling scheduling(
      @Nullable String owner, @Nullable String pool, @Nullable Instant notBefore) {
    return new Scheduling(owner, pool, new TreeMap<>(), null, notBefore, null);
  }

  public static JobSpec locking(int priority, LockWish... locks) {
    return scheduled(priority, Scheduling.NONE, List.of(locks), null, null);
  }

  /** Tried again after an hour, and knows its account's limit by exit code 42. */
  public static JobSpec retrying(int attempts) {
    return scheduled(
        5,
        Scheduling.NONE,
        List.of(),
        new RetryPolicy(
            attempts,
            List.of(),
            new TreeSet<>(),
            Duration.ofHours(1),
            Duration.ofHours(4),
            0.0,
            null),
        new QuotaRule("account-1", new TreeSet<>(List.of(42)), null, Duration.ofHours(2)));
  }

  public static OfCellCommand set(Control control) {
    return new OfCellCommand(new CellCommand.SetControl(control, "ann", "because", null));
  }

  public static OfCellCommand remove(String control) {
    return new OfCellCommand(new CellCommand.RemoveControl(control, "ann", "enough", null));
  }

  public static OfCellCommand releaseLock(String lock, JobId holder) {
    return new OfCellCommand(new CellCommand.ReleaseLock(lock, holder, "ann", "stuck", null));
  }

  /** The same for a job that runs in a container. */
  public static JobSpec containerSpec(int priority) {
    return new JobSpec(
        List.of("true"),
        null,
        null,
        new TreeMap<>(),
        new TreeMap<>(),
        priority,
        Timeouts.NONE,
        null,
        new TreeMap<>(),
        List.of(),
        null,
        new ContainerSpec("busybox", null, null, null, null, null, null),
        null,
        null,
        null,
        null);
  }

  public static OfCommand submit(JobId job, JobSpec spec) {
    return new OfCommand(new JobCommand.Submit(job, spec, "test", null));
  }

  public static OfCommand cancel(JobId job) {
    return new OfCommand(new JobCommand.Cancel(job, "test", null, null));
  }

  public static OfCommand flagLate(JobId job, Token token, long leaseSequence) {
    return new OfCommand(new JobCommand.FlagLate(job, token, leaseSequence));
  }

  public static OfCommand flagStale(JobId job, Token token, long leaseSequence) {
    return new OfCommand(new JobCommand.FlagStale(job, token, leaseSequence));
  }

  public static OfCommand flagOnTime(JobId job, Token token, long leaseSequence) {
    return new OfCommand(new JobCommand.FlagOnTime(job, token, leaseSequence));
  }

  public static OfCommand requeueStale(JobId job, Token token, long leaseSequence) {
    return new OfCommand(new JobCommand.RequeueStale(job, token, leaseSequence));
  }

  public static OfReport started(WorkerId worker, long incarnation, HeldAttempt... held) {
    return new OfReport(new WorkerReport.WorkerStarted(worker, incarnation, List.of(held)));
  }

  public static OfReport taken(WorkerId worker, JobId job, Token token) {
    return new OfReport(new WorkerReport.Taken(worker, job, token));
  }

  public static OfReport entered(WorkerId worker, JobId job, Token token, Phase phase) {
    return new OfReport(new WorkerReport.PhaseEntered(worker, job, token, phase));
  }

  public static OfReport kept(WorkerId worker, JobId job, Token token, KeptKind kind) {
    var file =
        new JobResult.BlobRef(
            "kept.tar.gz", "application/gzip", StreamTotal.EMPTY.sha256(), 1, 1, 0, token.value());
    return new OfReport(new WorkerReport.FileKept(worker, job, token, kind, file));
  }

  public static OfReport ended(WorkerId worker, JobId job, Token token, Outcome outcome) {
    return new OfReport(
        new WorkerReport.Ended(worker, job, token, outcome, OutputTotals.NONE, null));
  }

  /** An attempt that said that its account's limit is reached. */
  public static OfReport endedAtLimit(
      WorkerId worker, JobId job, Token token, @Nullable Instant resetAt) {
    return new OfReport(
        new WorkerReport.Ended(
            worker,
            job,
            token,
            new Outcome.Exited(42),
            OutputTotals.NONE,
            null,
            null,
            new QuotaNotice(resetAt, "limit reached")));
  }

  public static OfReport lost(WorkerId worker, JobId job, Token token) {
    return new OfReport(new WorkerReport.Lost(worker, job, token, "its process is gone"));
  }

  public static OfReport adopted(WorkerId worker, JobId job, Token token, long incarnation) {
    return new OfReport(
        new WorkerReport.Adopted(worker, job, token, incarnation, "found its process alive"));
  }

  public static OfReport released(WorkerId worker, JobId job, Token token) {
    return new OfReport(new WorkerReport.Released(worker, job, token, "its disk is full"));
  }

  public static OfReport renew(WorkerId worker, JobId job, Token token) {
    return new OfReport(new WorkerReport.Renew(worker, job, token, 7));
  }

  /** An announcement under {@link #INCARNATION}. */
  public static OfPresence presence(WorkerId worker, long sequence, int slots) {
    return presence(worker, INCARNATION, sequence, slots);
  }

  public static OfPresence presence(WorkerId worker, long incarnation, long sequence, int slots) {
    return new OfPresence(
        new Presence(worker, incarnation, sequence, slots, 0, false, "host-1", 42, START, 5_000));
  }

  /** The same announcement of a worker that has an engine for containers. */
  public static OfPresence withContainers(OfPresence announcement) {
    Presence without = announcement.presence();
    return new OfPresence(
        new Presence(
            without.worker(),
            without.incarnation(),
            without.sequence(),
            without.slots(),
            without.running(),
            without.draining(),
            without.host(),
            without.pid(),
            without.startedAt(),
            without.intervalMs(),
            true,
            List.of(),
            null));
  }
}
