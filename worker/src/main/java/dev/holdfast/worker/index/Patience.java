package dev.holdfast.worker.index;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long somebody waits.
 *
 * @param untilNs on the clock of {@link System#nanoTime}
 * @param cancelled once true, nobody waits any more
 */
public record Patience(long untilNs, BooleanSupplier cancelled) {
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Patience for so long from now. */
  public static Patience of(Duration atMost, BooleanSupplier cancelled) {
    Duration bounded = atMost.compareTo(LONGEST) < 0 ? atMost : LONGEST;
    return new Patience(System.nanoTime() + bounded.toNanos(), cancelled);
  }

  public boolean over() {
    return cancelled.getAsBoolean() || left().isZero();
  }

  /** What is left of it; zero if nothing is. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, untilNs - System.nanoTime()));
  }

  /** Ends work that nobody waits for. */
  public void require(String what) {
    if (over()) {
      throw new IndexException(IndexException.Code.GIVEN_UP, what + " was given up");
    }
  }
}
