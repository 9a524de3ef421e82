package dev.holdfast.runtime.retry;

import java.time.Duration;

/**
 * Exponential backoff with a cap; a pure function of the attempt and of a random fraction that the
 * caller supplies. Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 (equal
 * jitter).
 *
 * @param first delay before the second try
 * @param most no delay is longer
 */
public record Backoff(Duration first, Duration most) {
  /**
   * The delay after a number of failures in a row.
   *
   * @param failures 1 or more
   * @param fraction from 0 (half of the delay) to 1 (all of it)
   */
  public Duration after(int failures, double fraction) {
    int doublings = Math.min(Math.max(failures - 1, 0), 30);
    Duration full = first.multipliedBy(1L << doublings);
    Duration capped = full.compareTo(most) > 0 ? most : full;
    return Duration.ofNanos((long) (capped.toNanos() * (0.5 + fraction / 2)));
  }
}
