package dev.holdfast.gateway.fleet;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time of the newest record, by the brokers' clock. It stands still while nothing can be
 * written, so that an outage does not make everybody look silent.
 */
public final class LogTime {
  private final AtomicLong newestMs;

  /**
   * Begins at the reader's own start: what the log holds from before an outage of all may be long
   * past, and only what comes from now on tells who is there.
   */
  public LogTime(Instant start) {
    this.newestMs = new AtomicLong(start.toEpochMilli());
  }

  /** A record of that time was read. */
  public void seen(long timestampMs) {
    newestMs.accumulateAndGet(timestampMs, Math::max);
  }

  public Instant now() {
    return Instant.ofEpochMilli(newestMs.get());
  }
}
