package dev.holdfast.gateway.view;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lock that somebody holds or waits for.
 *
 * @param waiters the next to be granted it first
 */
public record LockView(String name, int permits, List<Holder> holders, List<Holder> waiters) {
  public LockView {
    holders = List.copyOf(holders);
    waiters = List.copyOf(waiters);
  }

  /**
   * A job that holds a lock or waits for it.
   *
   * @param permits how many of the lock's permits
   * @param since when it holds it, or waits for it
   * @param token fencing token of its attempt; null while it has none. Every later holder's is
   *     larger, so that whatever the lock protects can refuse who comes too late
   */
  public record Holder(
      JobId job, JobState state, int permits, Instant since, @Nullable Token token) {}
}
