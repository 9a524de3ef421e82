package dev.holdfast.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.gateway.command.Accepted;
import dev.holdfast.gateway.fleet.Fleet;
import dev.holdfast.gateway.progress.ProgressBoard;
import dev.holdfast.gateway.view.JobDetail;
import dev.holdfast.gateway.view.JobView;
import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.attempt.Usage;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job as the API shows it; every field is always there. See {@code Job} in openapi.yaml. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record JobAnswer(
    JobId id,
    JobState state,
    @Nullable Phase phase,
    @Nullable Health health,
    int attempt,
    @Nullable Token token,
    @Nullable WorkerId worker,
    @Nullable Integer exitCode,
    @Nullable String reason,
    @Nullable Integer position,
    @Nullable String owner,
    String pool,
    Instant submittedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    boolean cancelling,
    int lostAttempts,
    List<JobView.Attempt> attempts,
    @Nullable OutputTotals output,
    @Nullable Usage usage,
    @Nullable Progress progress,
    JobSpec spec) {

  static JobAnswer of(JobDetail detail, ProgressBoard board, Fleet fleet) {
    JobView job = detail.job();
    JobView.Attempt newest = job.newest().orElse(null);
    JobView.Attempt effective = isBetweenAttempts(job) ? null : newest;
    JobView.End end = job.end();
    return new JobAnswer(
        job.id(),
        job.state(),
        job.status().phase(),
        job.status().health(),
        newest == null ? 0 : newest.attempt(),
        newest == null ? null : newest.token(),
        effective == null ? null : effective.worker(),
        end == null ? null : end.exitCode(),
        reason(detail, fleet),
        detail.position(),
        job.queueing().owner(),
        job.queueing().pool(),
        job.submittedAt(),
        effective == null ? null : effective.startedAt(),
        end == null ? null : end.at(),
        job.status().cancelling(),
        job.lostAttempts(),
        job.attempts(),
        end == null ? null : end.output(),
        end == null ? null : end.usage(),
        progress(job, board).orElse(null),
        detail.spec());
  }

  private static boolean isBetweenAttempts(JobView job) {
    return job.state() == JobState.QUEUED || job.state() == JobState.WAITING;
  }

  /** A queued job is told what holds it back; what happened before is in its history. */
  private static @Nullable String reason(JobDetail detail, Fleet fleet) {
    JobView job = detail.job();
    if (job.state() != JobState.QUEUED) {
      return job.status().reason();
    }
    return Optional.ofNullable(detail.heldBack())
        .or(() -> Suitability.lacking(detail.spec(), job.queueing().pool(), fleet))
        .map(lacks -> lacks + "; " + job.status().reason())
        .orElse(job.status().reason());
  }

  /** What the attempt says that holds the lease. */
  static Optional<Progress> progress(JobView job, ProgressBoard board) {
    return job.state() == JobState.RUNNING
        ? job.newest().flatMap(attempt -> board.of(job.id(), attempt.token()))
        : Optional.empty();
  }

  /** A job that Kafka has and the coordinator has not been heard about. */
  static JobAnswer of(Accepted.Waiting waiting) {
    return submitted(waiting.id(), waiting.spec(), waiting.at());
  }

  static JobAnswer submitted(JobId id, JobSpec spec, Instant at) {
    return new JobAnswer(
        id,
        JobState.SUBMITTED,
        null,
        null,
        0,
        null,
        null,
        null,
        "waiting for the coordinator",
        null,
        spec.schedulingOrNone().owner(),
        spec.schedulingOrNone().poolOrDefault(),
        at,
        null,
        null,
        false,
        0,
        List.of(),
        null,
        null,
        null,
        spec);
  }
}
