package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;

/**
 * The latest state of a job that has not ended, as the coordinator keeps it.
 *
 * @param spec as decided, liveness filled in
 * @param specDigest of the spec as submitted: a repeated submission is told from another job by it
 * @param sequence place in the order of submission; a requeued job keeps it
 * @param attempt number of the newest attempt, 0 before the first
 * @param lostAttempts how many attempts ended without an outcome
 * @param kept what its attempts have left for a later one
 */
public record Job(
    JobId id,
    JobSpec spec,
    String specDigest,
    long sequence,
    Instant submittedAt,
    int attempt,
    int lostAttempts,
    Standing standing,
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Kept.Nothing.class) Kept kept) {

  /** With nothing kept. */
  public Job(
      JobId id,
      JobSpec spec,
      String specDigest,
      long sequence,
      Instant submittedAt,
      int attempt,
      int lostAttempts,
      Standing standing) {
    this(
        id, spec, specDigest, sequence, submittedAt, attempt, lostAttempts, standing, Kept.NOTHING);
  }

  public Job {
    kept = kept == null ? Kept.NOTHING : kept;
    Require.present("id", id);
    Require.present("spec", spec);
    Require.present("specDigest", specDigest);
    Require.present("submittedAt", submittedAt);
    Require.present("standing", standing);
  }

  /** What is true only of a job in this state. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Queued.class, name = "queued"),
    @JsonSubTypes.Type(value = Running.class, name = "running"),
  })
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public sealed interface Standing {}

  /** Ready; waits for a free slot. */
  public record Queued() implements Standing {}

  /**
   * An attempt holds the lease.
   *
   * @param incarnation of the worker that the attempt was assigned to
   * @param leaseSequence raised each time the lease is renewed after it had run out
   * @param taken whether the worker has reported that it made the assignment durable
   * @param cancelling whether the job is to end as cancelled
   */
  public record Running(
      Token token,
      WorkerId worker,
      long incarnation,
      long leaseSequence,
      boolean taken,
      Phase phase,
      Health health,
      boolean cancelling)
      implements Standing {}

  public Job with(Standing next) {
    return new Job(id, spec, specDigest, sequence, submittedAt, attempt, lostAttempts, next, kept);
  }

  public Job keeping(Kept now) {
    return new Job(
        id, spec, specDigest, sequence, submittedAt, attempt, lostAttempts, standing, now);
  }
}
