package dev.holdfast.schemas.job;

import java.time.Duration;
import java.time.Instant;

/**
 * The order of jobs that wait: the smaller rank first, then the order of submission. Waiting counts
 * as priority, so nothing starves; and since everybody grows older at the same pace, the order of
 * two jobs never changes, and a rank need not be computed again.
 */
public final class QueueRank {
  /** So much waiting is worth one step of priority. */
  public static final Duration AGEING = Duration.ofMinutes(10);

  private QueueRank() {}

  /** Milliseconds, comparable only with other ranks. */
  public static long of(int priority, Instant submittedAt) {
    return submittedAt.toEpochMilli() - priority * AGEING.toMillis();
  }
}
