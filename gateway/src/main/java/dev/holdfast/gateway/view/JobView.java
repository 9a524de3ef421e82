package dev.holdfast.gateway.view;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.attempt.Usage;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job as its events tell it; its spec is kept beside it.
 *
 * @param sequence place in the order of submission
 * @param specDigest of the spec as submitted
 * @param attempts the newest of them, oldest first
 * @param end null while it has not ended
 * @param queueing what its place among those that wait follows from
 */
public record JobView(
    JobId id,
    long sequence,
    int priority,
    String specDigest,
    Instant submittedAt,
    Status status,
    List<Attempt> attempts,
    int lostAttempts,
    @Nullable End end,
    Queueing queueing) {

  public JobView {
    attempts = List.copyOf(attempts);
  }

  /**
   * What its place in the queue follows from.
   *
   * @param owner whose share of the workers it uses
   * @param pool of workers that may run it
   * @param rank see {@link dev.holdfast.schemas.job.QueueRank}
   * @param locks that it holds while it runs
   */
  public record Queueing(String owner, String pool, long rank, List<String> locks) {
    public Queueing {
      locks = List.copyOf(locks);
    }
  }

  /**
   * Where it stands.
   *
   * @param phase of the attempt that holds the lease; null in other states than RUNNING
   * @param health likewise
   * @param cancelling whether it is to end as cancelled
   * @param reason why it waits, is late, failed or was cancelled; null when there is nothing to say
   */
  public record Status(
      JobState state,
      @Nullable Phase phase,
      @Nullable Health health,
      boolean cancelling,
      @Nullable String reason) {}

  /**
   * One grant of the job; an attempt that was handed back unstarted is followed by one of its
   * number.
   *
   * @param worker whose it is
   * @param startedAt when its worker took it; null before
   * @param endedAt when it lost the lease; null while it holds it
   * @param ended what happened to it; null while it holds the lease
   */
  public record Attempt(
      int attempt,
      Token token,
      WorkerId worker,
      long incarnation,
      Instant assignedAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String ended) {}

  /**
   * Its one terminal fact.
   *
   * @param token of the attempt whose outcome it is; null without one
   * @param exitCode null unless the command left by itself
   * @param output null when no attempt reported any
   * @param result null when there is none
   * @param usage null when nobody measured it
   */
  public record End(
      Instant at,
      @Nullable Token token,
      @Nullable Integer exitCode,
      @Nullable OutputTotals output,
      @Nullable JobResult result,
      @Nullable Usage usage) {}

  @JsonIgnore
  public JobState state() {
    return status.state();
  }

  /** The newest attempt, whatever became of it. */
  public Optional<Attempt> newest() {
    return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.getLast());
  }

  /** The newest attempt of this number. */
  public Optional<Attempt> attempt(int number) {
    return attempts.reversed().stream().filter(a -> a.attempt() == number).findFirst();
  }

  JobView with(Status next) {
    return new JobView(
        id,
        sequence,
        priority,
        specDigest,
        submittedAt,
        next,
        attempts,
        lostAttempts,
        end,
        queueing);
  }

  JobView with(List<Attempt> next) {
    return new JobView(
        id, sequence, priority, specDigest, submittedAt, status, next, lostAttempts, end, queueing);
  }

  JobView withLost(int lost) {
    return new JobView(
        id, sequence, priority, specDigest, submittedAt, status, attempts, lost, end, queueing);
  }

  JobView with(End ended) {
    return new JobView(
        id,
        sequence,
        priority,
        specDigest,
        submittedAt,
        status,
        attempts,
        lostAttempts,
        ended,
        queueing);
  }
}
