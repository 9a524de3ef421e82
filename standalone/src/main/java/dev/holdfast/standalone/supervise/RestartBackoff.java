package dev.holdfast.standalone.supervise;

import java.time.Duration;

/**
 * How long to wait before a child that died is started again: doubling while it dies young, back to
 * the shortest pause once it has lived long enough to count as healthy.
 *
 * @param deaths young deaths in a row, the latest included
 */
record RestartBackoff(int deaths) {

  static final Duration SHORTEST = Duration.ofMillis(250);
  static final Duration LONGEST = Duration.ofSeconds(15);
  static final Duration HEALTHY_AFTER = Duration.ofSeconds(30);

  /**
   * Part of the pause that chance may take away, so that children that died together spread out.
   */
  private static final double JITTER = 0.25;

  RestartBackoff {
    if (deaths < 0) {
      throw new IllegalArgumentException("deaths must not be negative, found " + deaths);
    }
  }

  static RestartBackoff unbroken() {
    return new RestartBackoff(0);
  }

  RestartBackoff afterLifeOf(Duration life) {
    return new RestartBackoff(life.compareTo(HEALTHY_AFTER) >= 0 ? 1 : deaths + 1);
  }

  /**
   * The pause before the next start.
   *
   * @param chance uniform in [0, 1)
   */
  Duration pause(double chance) {
    // 2^6 times the shortest is past the longest, so the shift never overflows.
    Duration doubled = SHORTEST.multipliedBy(1L << Math.clamp(deaths - 1, 0, 6));
    Duration capped = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return Duration.ofNanos((long) (capped.toNanos() * (1 - JITTER * chance)));
  }
}
