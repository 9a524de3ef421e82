package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes the ticks of one incarnation, one in flight: the next is made only after the previous has
 * come back, so no tick is made while the log cannot be written or read. Times are of one monotonic
 * clock, in nanoseconds. Owned by the stream thread of its partition.
 */
public final class Ticker {
  /** In this many intervals a tick either comes back or never will. */
  private static final int LOST_AFTER_INTERVALS = 100;

  private final long incarnation;
  private final Duration interval;
  private State state = new Fresh();

  private sealed interface State {}

  private record Fresh() implements State {}

  private record InFlight(long sentNanos) implements State {}

  private record Returned(long sentNanos, long returnedNanos) implements State {}

  public Ticker(long incarnation, Duration interval) {
    this.incarnation = incarnation;
    this.interval = interval;
  }

  /** No tick counts for more than this, so that a pause of the monitor ages nobody. */
  public static Duration most(Duration interval) {
    return interval.multipliedBy(2);
  }

  /** The tick to write now, if one is due; the caller writes it. */
  public Optional<Tick> next(long nowNanos) {
    return switch (state) {
      case Fresh() -> Optional.of(send(0, nowNanos));
      case InFlight(long sentNanos)
          when nowNanos - sentNanos > interval.multipliedBy(LOST_AFTER_INTERVALS).toNanos() ->
          // The log has lost it. Without another one this partition's clock would stand for ever.
          Optional.of(send(0, nowNanos));
      case InFlight ignored -> Optional.empty();
      case Returned(long sentNanos, long returnedNanos)
          when nowNanos - sentNanos >= interval.toNanos() ->
          Optional.of(send(elapsed(sentNanos, returnedNanos, nowNanos), nowNanos));
      case Returned ignored -> Optional.empty();
    };
  }

  /** A tick was read from the log. */
  public void returned(Tick tick, long nowNanos) {
    if (tick.incarnation() == incarnation && state instanceof InFlight(long sentNanos)) {
      state = new Returned(sentNanos, nowNanos);
    }
  }

  private Tick send(long elapsedNanos, long nowNanos) {
    state = new InFlight(nowNanos);
    return new Tick(incarnation, Duration.ofNanos(elapsedNanos).toMillis());
  }

  /**
   * Counts from when the previous tick was sent, but from no more than one interval before it came
   * back: it may have waited for a broker that was away, and beats that came before it in the log
   * would age by an outage that they sat out.
   */
  private long elapsed(long sentNanos, long returnedNanos, long nowNanos) {
    long sinceSent = nowNanos - sentNanos;
    long sinceReturned = nowNanos - returnedNanos;
    return Math.min(
        Math.min(sinceSent, sinceReturned + interval.toNanos()), most(interval).toNanos());
  }
}
