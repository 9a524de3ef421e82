package dev.holdfast.gateway;

import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.codec.SpecDigest;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.KeptKind;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.RequeueReason;
import dev.holdfast.schemas.job.RetryCause;
import dev.holdfast.schemas.worker.WorkerId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of one job, each decided a second after the one before. */
public final class JobFixtures {
  public static final Instant START = Instant.parse("2026-11-23T08:00:00Z");
  public static final JobSpec SPEC = spec("{\"command\":[\"true\"]}");
  private static final Cause COORDINATOR = Cause.by("coordinator");

  private final JobId id;
  private int seconds;

  private JobFixtures(JobId id) {
    this.id = id;
  }

  public static JobFixtures job(String id) {
    return new JobFixtures(new JobId(id));
  }

  public static JobSpec spec(String json) {
    return Serdes.SPEC.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private Instant at() {
    return START.plusSeconds(seconds++);
  }

  public JobEvent.Submitted submitted(long sequence) {
    return submitted(sequence, SPEC);
  }

  public JobEvent.Submitted submitted(long sequence, JobSpec spec) {
    return new JobEvent.Submitted(id, at(), Cause.by("http"), spec, SpecDigest.of(spec), sequence);
  }

  public JobEvent.Readied readied() {
    return new JobEvent.Readied(id, at(), COORDINATOR);
  }

  public JobEvent.Locked locked(LockWish... locks) {
    return new JobEvent.Locked(id, at(), COORDINATOR, List.of(locks));
  }

  public JobEvent.Retried retried(int attempt, long token, int exitCode) {
    return new JobEvent.Retried(
        id,
        at(),
        COORDINATOR,
        attempt,
        new Token(token),
        RetryCause.EXIT,
        START.plusSeconds(600),
        new Outcome.Exited(exitCode),
        null,
        null,
        null);
  }

  public JobEvent.Assigned assigned(int attempt, long token, String worker) {
    return new JobEvent.Assigned(
        id, at(), COORDINATOR, attempt, new Token(token), 1, new WorkerId(worker), 1, 1);
  }

  public JobEvent.Taken taken(long token) {
    return new JobEvent.Taken(id, at(), Cause.by("worker:w-1"), new Token(token));
  }

  public JobEvent.PhaseEntered entered(long token, Phase phase) {
    return new JobEvent.PhaseEntered(id, at(), Cause.by("worker:w-1"), new Token(token), phase);
  }

  public JobEvent.HealthChanged health(long token, Health health) {
    return new JobEvent.HealthChanged(id, at(), Cause.by("monitor"), new Token(token), health);
  }

  public JobEvent.Adopted adopted(long token, String worker, long incarnation) {
    return new JobEvent.Adopted(
        id, at(), COORDINATOR, new Token(token), new WorkerId(worker), incarnation);
  }

  public JobEvent.LeaseRenewed renewed(long token) {
    return new JobEvent.LeaseRenewed(id, at(), COORDINATOR, new Token(token), 2);
  }

  public JobEvent.FileKept kept(long token) {
    var file = new JobResult.BlobRef("work.tar.gz", "application/gzip", "ab", 1, 1, 0, 7);
    return new JobEvent.FileKept(id, at(), COORDINATOR, new Token(token), KeptKind.WORK, file);
  }

  public JobEvent.Requeued requeued(int attempt, long token, RequeueReason reason, String why) {
    return new JobEvent.Requeued(
        id, at(), new Cause("coordinator", why), attempt, new Token(token), reason);
  }

  public JobEvent.CancelRequested cancelRequested(long token, String why) {
    return new JobEvent.CancelRequested(id, at(), new Cause("http", why), new Token(token));
  }

  public JobEvent.Ended ended(int attempt, @Nullable Long token, Outcome outcome) {
    return ended(attempt, token, outcome, null, null);
  }

  public JobEvent.Ended ended(
      int attempt,
      @Nullable Long token,
      Outcome outcome,
      @Nullable OutputTotals output,
      @Nullable JobResult result) {
    return new JobEvent.Ended(
        id,
        at(),
        COORDINATOR,
        outcome.state(),
        attempt,
        token == null ? null : new Token(token),
        outcome,
        output,
        result);
  }

  public JobEvent.CommandRejected rejected(String command, String code, @Nullable String request) {
    return new JobEvent.CommandRejected(
        id, at(), COORDINATOR, command, code, "no: " + code, request);
  }

  public JobEvent.ReportRefused refused(long token) {
    return new JobEvent.ReportRefused(
        id, at(), COORDINATOR, "ended", new Token(token), "token " + token + " is superseded");
  }
}
