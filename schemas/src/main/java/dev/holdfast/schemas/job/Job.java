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
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The latest state of a job that has not ended, as the coordinator keeps it.
 *
 * @param spec as decided, liveness filled in
 * @param specDigest of the spec as submitted: a repeated submission is told from another job by it
 * @param sequence place in the order of submission; a requeued job keeps it
 * @param attempt number of the newest attempt, 0 before the first
 * @param lostAttempts how many attempts ended without an outcome
 * @param kept what its attempts have left for a later one
 * @param retries how many attempts had an outcome that was not taken for the job's
 * @param losses where its attempts were lost and why, oldest first
 * @param by who submitted it; null if that is not known
 * @param settled newest token whose outcome was accepted without ending the job; null if none was
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
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Kept.Nothing.class) Kept kept,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int retries,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Loss> losses,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String by,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Token settled) {

  private static final String NOBODY = "nobody";

  /** That nothing happened to yet. */
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
        id,
        spec,
        specDigest,
        sequence,
        submittedAt,
        attempt,
        lostAttempts,
        standing,
        Kept.NOTHING,
        0,
        List.of(),
        null,
        null);
  }

  public Job {
    kept = kept == null ? Kept.NOTHING : kept;
    losses = losses == null ? List.of() : List.copyOf(losses);
    Require.present("id", id);
    Require.present("spec", spec);
    Require.present("specDigest", specDigest);
    Require.present("submittedAt", submittedAt);
    Require.present("standing", standing);
  }

  /** What is true only of a job in this state. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Waiting.class, name = "waiting"),
    @JsonSubTypes.Type(value = Queued.class, name = "queued"),
    @JsonSubTypes.Type(value = Running.class, name = "running"),
  })
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public sealed interface Standing {}

  /**
   * Not ready yet; holds no lock.
   *
   * @param what it waits for
   * @param until the instant that it waits for; null when it waits for locks
   */
  public record Waiting(WaitReason what, @Nullable Instant until) implements Standing {
    public Waiting {
      Require.present("what", what);
    }
  }

  /** Ready, holds its locks; waits for a free slot. */
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

  /**
   * An attempt that was lost.
   *
   * @param worker that held it
   * @param evidence by which it is known; cut at 500 characters
   */
  public record Loss(int attempt, WorkerId worker, String evidence) {
    private static final int MOST_CHARACTERS = 500;

    public Loss {
      evidence = Require.present("evidence", evidence);
      evidence = evidence.substring(0, Math.min(evidence.length(), MOST_CHARACTERS));
    }
  }

  /** Whose share of the workers it uses. */
  public String owner() {
    String owner = spec.schedulingOrNone().owner();
    return owner != null ? owner : by != null ? by : NOBODY;
  }

  public Job with(Standing next) {
    return with(next, attempt);
  }

  /** In another state, with this many attempts made. */
  public Job with(Standing next, int attempts) {
    return new Job(
        id,
        spec,
        specDigest,
        sequence,
        submittedAt,
        attempts,
        lostAttempts,
        next,
        kept,
        retries,
        losses,
        by,
        settled);
  }

  public Job keeping(Kept now) {
    return new Job(
        id,
        spec,
        specDigest,
        sequence,
        submittedAt,
        attempt,
        lostAttempts,
        standing,
        now,
        retries,
        losses,
        by,
        settled);
  }

  /** After the newest attempt had an outcome that was not taken for the job's. */
  public Job retrying(Token token, Standing next) {
    return settling(token, next, retries + 1);
  }

  /** After the newest attempt could not show what the job is worth; that costs nothing. */
  public Job excused(Token token, Standing next) {
    return settling(token, next, retries);
  }

  private Job settling(Token token, Standing next, int retriesNow) {
    return new Job(
        id,
        spec,
        specDigest,
        sequence,
        submittedAt,
        attempt,
        lostAttempts,
        next,
        kept,
        retriesNow,
        losses,
        by,
        token);
  }

  /** After the newest attempt was lost. */
  public Job losing(Loss loss) {
    return new Job(
        id,
        spec,
        specDigest,
        sequence,
        submittedAt,
        loss.attempt(),
        lostAttempts + 1,
        new Queued(),
        kept,
        retries,
        Stream.concat(losses.stream(), Stream.of(loss)).toList(),
        by,
        settled);
  }
}
