package dev.holdfast.schemas;

import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.OutputTotals.StreamTotal;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.attempt.QuotaNotice;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.attempt.Usage;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Checkpointing;
import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.Finisher;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.job.KeptKind;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.OnLostLease;
import dev.holdfast.schemas.job.QuotaRule;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.schemas.job.RequeueReason;
import dev.holdfast.schemas.job.ResourceLimits;
import dev.holdfast.schemas.job.RetryCause;
import dev.holdfast.schemas.job.RetryPolicy;
import dev.holdfast.schemas.job.Scheduling;
import dev.holdfast.schemas.job.SecretUse;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.job.WaitReason;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.DiskSpace;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.Unavailability;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One value of every published type, by the name of its file in {@code golden/}. A file is never
 * changed: what it says lies in somebody's log.
 */
final class Golden {
  private static final JobId JOB = new JobId("job-1");
  private static final WorkerId WORKER = new WorkerId("worker-1");
  private static final Token TOKEN = new Token(17);
  private static final Instant AT = Instant.parse("2026-11-01T12:00:00.250Z");
  private static final Cause BY_WORKER = new Cause("worker:worker-1", "found its process alive");
  private static final Cause BY_COORDINATOR = Cause.by("coordinator");
  private static final JobSpec COMMAND_SPEC =
      new JobSpec(
          List.of("sh", "-c", "make \"test\""),
          null,
          new RepositoryRef("https://git.example.org/a.git", "main"),
          new TreeMap<>(Map.of("LANG", "C.UTF-8")),
          new TreeMap<>(Map.of("team", "search", "cost-centre", "7")),
          9,
          Timeouts.ofRun(Duration.ofHours(1)),
          new Liveness(Duration.ofMillis(1_500), Duration.ofMinutes(2)));
  private static final JobSpec HANDLER_SPEC =
      new JobSpec(
          List.of(), "noop", null, new TreeMap<>(), new TreeMap<>(), 5, Timeouts.NONE, null);
  private static final JobSpec FULL_SPEC =
      new JobSpec(
          List.of("agent", "--print"),
          null,
          new RepositoryRef(
              "https://git.example.org/a.git",
              "main",
              "git-token",
              RepositoryRef.IndexKind.LUCENE,
              RepositoryRef.Resume.SAVED_WORK),
          new TreeMap<>(),
          new TreeMap<>(),
          5,
          new Timeouts(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofMinutes(5)),
          null,
          new TreeMap<>(Map.of("prompt.md", "Make it `$(work)`.\n")),
          List.of(new SecretUse("model-key", "MODEL_KEY"), new SecretUse("netrc", null)),
          new ResourceLimits(1.5, 1L << 30, 512),
          new ContainerSpec(
              "registry.example.org/agents:3",
              "none",
              "1000:1000",
              true,
              ContainerSpec.Pull.ALWAYS,
              ContainerSpec.OnEngineLoss.RESTART,
              "registry-token"),
          OnLostLease.CONTINUE,
          new Finisher("\"type\":\"result\"", Duration.ofSeconds(20)),
          new Checkpointing(1L << 20),
          "reviewer");
  private static final JobSpec SCHEDULED_SPEC =
      new JobSpec(
          List.of("agent"),
          null,
          new RepositoryRef("https://git.example.org/a.git", "main"),
          new TreeMap<>(),
          new TreeMap<>(),
          5,
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
          new Scheduling(
              "team-search",
              "gpu",
              new TreeMap<>(Map.of("zone", "north")),
              new Scheduling.ResourceRequest(1.5, 1L << 30),
              AT,
              true),
          List.of(new LockWish("staging", 1), new LockWish("licences", 3)),
          new RetryPolicy(
              4,
              List.of(RetryCause.EXIT, RetryCause.TIMEOUT),
              new TreeSet<>(List.of(75)),
              Duration.ofSeconds(30),
              Duration.ofMinutes(5),
              0.1,
              Duration.ofHours(6)),
          new QuotaRule(
              "model-main",
              new TreeSet<>(List.of(42)),
              "limit reached.*resets at (?<reset>\\S+)",
              Duration.ofHours(1)));
  private static final JobResult.BlobRef BLOB =
      new JobResult.BlobRef(
          "checkpoint.tar.gz", "application/gzip", StreamTotal.EMPTY.sha256(), 1_000, 1, 3, 43);
  private static final Usage USAGE =
      new Usage(60_000, 5_000, 42_000, 300_000_000, 1_000_000, 2_000_000, 1_000, 2);
  private static final OutputTotals TOTALS =
      new OutputTotals(
          new StreamTotal(1_000_000, StreamTotal.EMPTY.sha256(), 600L, 900_000L),
          StreamTotal.EMPTY);
  private static final JobResult RESULT =
      new JobResult(
          List.of(
              new JobResult.BlobRef(
                  "changes.diff", "text/x-diff", StreamTotal.EMPTY.sha256(), 0, 1, 3, 42)),
          new JobResult.Changes("a".repeat(40), "b".repeat(40), 2, 3, 40, 5, 1, 0, ""));

  private Golden() {}

  static Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("job-spec.command", COMMAND_SPEC);
    values.put("job-spec.handler", HANDLER_SPEC);
    values.put("job-spec.full", FULL_SPEC);
    values.put("job-spec.scheduled", SCHEDULED_SPEC);
    commands(values);
    reports(values);
    events(values);
    orders(values);
    leases(values);
    outcomes(values);
    jobs(values);
    values.put("presence", new Presence(WORKER, 5, 1_000, 4, 2, false, "host-1", 4_242, AT, 5_000));
    values.put(
        "presence.degraded",
        new Presence(
            WORKER,
            5,
            1_001,
            4,
            2,
            false,
            "host-1",
            4_242,
            AT,
            5_000,
            true,
            List.of(new Unavailability("docker", "connection refused", AT)),
            new DiskSpace(1L << 30, 1L << 35, 1L << 29, 100_000)));
    values.put(
        "presence.labelled",
        new Presence(
            WORKER,
            5,
            1_002,
            4,
            2,
            false,
            "host-1",
            4_242,
            AT,
            5_000,
            false,
            List.of(),
            null,
            List.of("default", "gpu"),
            new TreeMap<>(Map.of("zone", "north")),
            8.0,
            1L << 35,
            List.of("https://git.example.org/a.git")));
    controls(values);
    values.put(
        "output-chunk.bytes",
        new OutputChunk.Bytes(TOKEN, OutputStreamName.STDOUT, 600, new byte[] {0, 10, -1, 65}));
    values.put(
        "output-chunk.cut", new OutputChunk.Cut(TOKEN, OutputStreamName.STDERR, 600, 900_000));
    return values;
  }

  private static void commands(Map<String, Object> values) {
    values.put(
        "job-command.submit", new JobCommand.Submit(JOB, COMMAND_SPEC, "kafka:search", "req-1"));
    values.put(
        "job-command.cancel", new JobCommand.Cancel(JOB, "http", "no longer wanted", "req-2"));
    values.put("job-command.flag-late", new JobCommand.FlagLate(JOB, TOKEN, 2));
    values.put("job-command.flag-stale", new JobCommand.FlagStale(JOB, TOKEN, 2));
    values.put("job-command.flag-on-time", new JobCommand.FlagOnTime(JOB, TOKEN, 2));
    values.put("job-command.requeue-stale", new JobCommand.RequeueStale(JOB, TOKEN, 2));
  }

  private static void controls(Map<String, Object> values) {
    var pause = new Control.Pause(Control.PauseScope.ACCOUNT, "model-main", AT);
    values.put("control.pause", pause);
    values.put("control.limit", new Control.Limit(Control.LimitScope.LABEL, "team=search", 3));
    values.put("control.weight", new Control.Weight("team-search", 4));
    values.put("control.drain", new Control.Drain(WORKER));
    values.put("control.permits", new Control.Permits("licences", 5));
    values.put(
        "cell-command.set-control",
        new CellCommand.SetControl(pause, "cli:ann", "maintenance", "req-3"));
    values.put(
        "cell-command.remove-control",
        new CellCommand.RemoveControl(pause.key(), "cli:ann", "done", "req-4"));
    values.put(
        "cell-command.release-lock",
        new CellCommand.ReleaseLock("staging", JOB, "cli:ann", "stuck", "req-5"));
    values.put(
        "cell-event.control-set",
        new CellEvent.ControlSet(AT, new Cause("cli:ann", "maintenance"), pause));
    values.put(
        "cell-event.control-removed",
        new CellEvent.ControlRemoved(AT, new Cause("cli:ann", "done"), pause.key()));
    values.put(
        "cell-event.lock-released",
        new CellEvent.LockReleased(AT, new Cause("cli:ann", "stuck"), "staging", JOB));
    values.put(
        "cell-event.cell-command-rejected",
        new CellEvent.CellCommandRejected(
            AT,
            Cause.by("cli:ann"),
            "lock/staging",
            "release-lock",
            "lock-not-held",
            "job job-1 does not hold it",
            "req-5"));
  }

  private static void reports(Map<String, Object> values) {
    values.put(
        "worker-report.worker-started",
        new WorkerReport.WorkerStarted(WORKER, 6, List.of(new HeldAttempt(JOB, TOKEN))));
    values.put("worker-report.taken", new WorkerReport.Taken(WORKER, JOB, TOKEN));
    values.put(
        "worker-report.phase-entered",
        new WorkerReport.PhaseEntered(WORKER, JOB, TOKEN, Phase.COLLECTING));
    values.put(
        "worker-report.ended",
        new WorkerReport.Ended(WORKER, JOB, TOKEN, new Outcome.Exited(0), TOTALS, RESULT));
    values.put(
        "worker-report.ended-with-usage",
        new WorkerReport.Ended(WORKER, JOB, TOKEN, new Outcome.Exited(0), TOTALS, RESULT, USAGE));
    values.put(
        "worker-report.ended-at-its-limit",
        new WorkerReport.Ended(
            WORKER,
            JOB,
            TOKEN,
            new Outcome.Exited(42),
            TOTALS,
            null,
            null,
            new QuotaNotice(AT, "limit reached, resets at 2026-11-01T12:00:00.250Z")));
    values.put(
        "worker-report.file-kept",
        new WorkerReport.FileKept(WORKER, JOB, TOKEN, KeptKind.CHECKPOINT, BLOB));
    values.put(
        "worker-report.lost", new WorkerReport.Lost(WORKER, JOB, TOKEN, "its process is gone"));
    values.put(
        "worker-report.adopted",
        new WorkerReport.Adopted(WORKER, JOB, TOKEN, 6, "found its process alive"));
    values.put(
        "worker-report.released",
        new WorkerReport.Released(WORKER, JOB, TOKEN, "the disk is full"));
    values.put("worker-report.renew", new WorkerReport.Renew(WORKER, JOB, TOKEN, 3));
  }

  private static void events(Map<String, Object> values) {
    values.put(
        "job-event.submitted",
        new JobEvent.Submitted(JOB, AT, Cause.by("http"), COMMAND_SPEC, "0f".repeat(16), 12));
    values.put("job-event.readied", new JobEvent.Readied(JOB, AT, BY_COORDINATOR));
    values.put(
        "job-event.locked",
        new JobEvent.Locked(JOB, AT, BY_COORDINATOR, List.of(new LockWish("staging", 1))));
    values.put(
        "job-event.retried",
        new JobEvent.Retried(
            JOB,
            AT,
            BY_WORKER,
            2,
            TOKEN,
            RetryCause.EXIT,
            AT.plusSeconds(30),
            new Outcome.Exited(75),
            TOTALS,
            RESULT,
            USAGE));
    values.put(
        "job-event.assigned",
        new JobEvent.Assigned(JOB, AT, BY_COORDINATOR, 2, TOKEN, 1, WORKER, 5, 1_000));
    values.put("job-event.taken", new JobEvent.Taken(JOB, AT, Cause.by("worker:worker-1"), TOKEN));
    values.put(
        "job-event.phase-entered",
        new JobEvent.PhaseEntered(JOB, AT, Cause.by("worker:worker-1"), TOKEN, Phase.RUNNING));
    values.put(
        "job-event.health-changed",
        new JobEvent.HealthChanged(JOB, AT, Cause.by("monitor"), TOKEN, Health.LATE));
    values.put("job-event.adopted", new JobEvent.Adopted(JOB, AT, BY_WORKER, TOKEN, WORKER, 6));
    values.put("job-event.lease-renewed", new JobEvent.LeaseRenewed(JOB, AT, BY_WORKER, TOKEN, 2));
    values.put(
        "job-event.file-kept",
        new JobEvent.FileKept(
            JOB, AT, Cause.by("worker:worker-1"), TOKEN, KeptKind.CHECKPOINT, BLOB));
    values.put(
        "job-event.requeued",
        new JobEvent.Requeued(JOB, AT, BY_COORDINATOR, 2, TOKEN, RequeueReason.NEVER_ARRIVED));
    values.put(
        "job-event.cancel-requested",
        new JobEvent.CancelRequested(JOB, AT, Cause.by("http"), TOKEN));
    values.put(
        "job-event.ended",
        new JobEvent.Ended(
            JOB,
            AT,
            BY_WORKER,
            JobState.SUCCEEDED,
            2,
            TOKEN,
            new Outcome.Exited(0),
            TOTALS,
            RESULT));
    values.put(
        "job-event.command-rejected",
        new JobEvent.CommandRejected(
            JOB, AT, Cause.by("http"), "submit", "job-conflict", "job job-1 exists", "req-1"));
    values.put(
        "job-event.report-refused",
        new JobEvent.ReportRefused(JOB, AT, BY_WORKER, "ended", TOKEN, "it had been overtaken"));
  }

  private static void orders(Map<String, Object> values) {
    values.put("order.assigned", new Order.Assigned(WORKER, 5, 1_000, JOB, 2, TOKEN, COMMAND_SPEC));
    values.put(
        "order.assigned-again",
        new Order.Assigned(WORKER, 5, 1_000, JOB, 3, TOKEN, COMMAND_SPEC, new Kept(BLOB, BLOB)));
    values.put(
        "order.reconciled",
        new Order.Reconciled(
            WORKER, 6, List.of(new Order.Verdict(JOB, TOKEN, Order.Standing.CURRENT))));
    values.put("order.renewed", new Order.Renewed(WORKER, JOB, TOKEN, 3));
    values.put("order.stop", new Order.Stop(WORKER, JOB, TOKEN, Order.StopReason.SUPERSEDED));
    values.put("order.look", new Order.Look(WORKER, JOB, TOKEN));
    values.put("order.clean", new Order.Clean(WORKER, JOB, TOKEN));
  }

  private static void leases(Map<String, Object> values) {
    values.put("lease-record.opened", new LeaseRecord.Opened(TOKEN, 1, WORKER, Liveness.DEFAULT));
    values.put(
        "lease-record.heartbeat",
        new LeaseRecord.Heartbeat(TOKEN, WORKER, Phase.PREPARING, Liveness.DEFAULT));
    values.put(
        "lease-record.heartbeat-with-progress",
        new LeaseRecord.Heartbeat(
            TOKEN, WORKER, Phase.RUNNING, Liveness.DEFAULT, new Progress(40, "step 2 of 5")));
    values.put("lease-record.tick", new LeaseRecord.Tick(7, 5_001));
  }

  private static void outcomes(Map<String, Object> values) {
    values.put("outcome.exited", new Outcome.Exited(3));
    values.put("outcome.signalled", new Outcome.Signalled(11));
    values.put("outcome.timed-out", new Outcome.TimedOut("run"));
    values.put("outcome.cancelled", new Outcome.Cancelled(1));
    values.put("outcome.failed", new Outcome.Failed("ref-unknown", "no ref x; check the name"));
  }

  private static void jobs(Map<String, Object> values) {
    values.put(
        "job.queued", new Job(JOB, COMMAND_SPEC, "0f".repeat(16), 12, AT, 1, 1, new Job.Queued()));
    values.put(
        "job.waiting",
        new Job(
            JOB,
            SCHEDULED_SPEC,
            "0f".repeat(16),
            12,
            AT,
            2,
            1,
            new Job.Waiting(WaitReason.BACKOFF, AT.plusSeconds(30)),
            Kept.NOTHING,
            1,
            List.of(new Job.Loss(1, WORKER, "its process is gone")),
            "kafka:search",
            TOKEN));
    values.put(
        "job.running",
        new Job(
            JOB,
            HANDLER_SPEC,
            "0f".repeat(16),
            12,
            AT,
            2,
            1,
            new Job.Running(TOKEN, WORKER, 5, 1, true, Phase.RUNNING, Health.ON_TIME, false)));
  }
}
