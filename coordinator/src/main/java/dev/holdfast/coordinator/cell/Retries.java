package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.RetryCause;
import dev.holdfast.schemas.job.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Whether an outcome is the job's last word, by the job's own policy. */
final class Retries {
  /** Outcomes whose cause is what the command needed and not the command. */
  private static final Set<String> INFRASTRUCTURE =
      Set.of("repository-unreachable", "registry-unreachable", "workspace-failed");

  private static final String OUT_OF_MEMORY = "out-of-memory";

  /** Doubling a wait more often than this leads beyond every cap. */
  private static final int MOST_DOUBLINGS = 40;

  private Retries() {}

  /**
   * Another try.
   *
   * @param until when the wait before it is over
   */
  record Retry(RetryCause cause, Instant until) {}

  /** The try that follows an outcome; empty if the outcome is the job's. */
  static Optional<Retry> after(Job job, Outcome outcome, Instant now) {
    RetryPolicy policy = job.spec().retry();
    if (policy == null || job.retries() + 1 >= policy.attempts()) {
      return Optional.empty();
    }
    Instant until = now.plus(wait(policy, job.id(), job.retries()));
    boolean inTime =
        policy.within() == null || !until.isAfter(job.submittedAt().plus(policy.within()));
    return causeOf(outcome)
        .filter(cause -> inTime && policy.on().contains(cause) && retriesCode(policy, outcome))
        .map(cause -> new Retry(cause, until));
  }

  /** Why an attempt did not succeed; empty if it did, or if trying again would change nothing. */
  static Optional<RetryCause> causeOf(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Exited exited ->
          exited.code() == 0 ? Optional.empty() : Optional.of(RetryCause.EXIT);
      case Outcome.Signalled signalled -> Optional.of(RetryCause.SIGNAL);
      case Outcome.TimedOut timedOut -> Optional.of(RetryCause.TIMEOUT);
      case Outcome.Cancelled cancelled -> Optional.empty();
      case Outcome.Failed failed when failed.code().equals(OUT_OF_MEMORY) ->
          Optional.of(RetryCause.SIGNAL);
      case Outcome.Failed failed ->
          INFRASTRUCTURE.contains(failed.code())
              ? Optional.of(RetryCause.INFRASTRUCTURE)
              : Optional.empty();
    };
  }

  /**
   * The wait before a retry: doubled each time up to the cap, less a part that is drawn by chance.
   * Chance is a hash here, so that deciding again decides the same.
   */
  static Duration wait(RetryPolicy policy, JobId job, int retries) {
    Duration doubled =
        retries >= MOST_DOUBLINGS ? policy.cap() : policy.backoff().multipliedBy(1L << retries);
    long mostMs = Math.min(doubled.toMillis(), policy.cap().toMillis());
    double drawn = Math.floorMod(mixed(job.value().hashCode() * 31L + retries), 10_000) / 10_000.0;
    return Duration.ofMillis(Math.round(mostMs * (1 - policy.jitter() * drawn)));
  }

  private static boolean retriesCode(RetryPolicy policy, Outcome outcome) {
    return !(outcome instanceof Outcome.Exited exited)
        || policy.exitCodes().isEmpty()
        || policy.exitCodes().contains(exited.code());
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014): neighbours become strangers. */
  private static long mixed(long value) {
    long mixed = value + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
