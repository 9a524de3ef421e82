package dev.holdfast.worker.attempt;

import java.time.Duration;

/**
 * When an attempt gives its next sign of life, in nanoseconds of any monotonic clock. Until the
 * last one is acknowledged the next follows after a sixth of the interval; after that, an interval
 * with 10 % of jitter later, so that a thousand attempts taken together do not beat together for
 * ever.
 */
public record Cadence(Duration interval) {
  private static final int TRIES_PER_INTERVAL = 6;
  private static final double JITTER = 0.1;

  public long afterSendNs(long sentNs) {
    return sentNs + interval.toNanos() / TRIES_PER_INTERVAL;
  }

  /**
   * When to send again after the sign sent then was acknowledged.
   *
   * @param fraction random, from 0 to 1
   */
  public long afterAckNs(long sentNs, double fraction) {
    return sentNs + (long) (interval.toNanos() * (1 - JITTER * fraction));
  }
}
