package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import java.time.Duration;

/**
 * The clock of one partition: the sum of its ticks.
 *
 * @param incarnation the newest that has ticked; 0 before the first
 * @param elapsedMs what the accepted ticks carried
 */
public record LogClock(long incarnation, long elapsedMs) {
  public static final LogClock START = new LogClock(0, 0);

  /** Not from an owner that another has followed. */
  public boolean accepts(Tick tick) {
    return tick.incarnation() >= incarnation;
  }

  /**
   * The clock after a tick. The first of an incarnation carries no time: what passed between two
   * owners is not known.
   *
   * @param most no tick counts for more, whatever it carries
   */
  public LogClock after(Tick tick, Duration most) {
    if (!accepts(tick)) {
      return this;
    }
    boolean first = tick.incarnation() > incarnation;
    long elapsed = first ? 0 : Math.min(tick.elapsedMs(), most.toMillis());
    return new LogClock(tick.incarnation(), elapsedMs + elapsed);
  }
}
