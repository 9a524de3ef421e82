package dev.holdfast.worker.container;

import dev.holdfast.runtime.retry.Backoff;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the engine answers: asks now and then, less often the longer it is away. One thread
 * of its own; a change is logged once.
 */
final class EngineWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EngineWatch.class);

  private final EnginePing ping;
  private final EnginePace pace;
  private final InstantSource clock;
  private volatile Availability now;
  private volatile boolean asked;
  private volatile @Nullable Thread thread;
  private volatile boolean closed;

  EngineWatch(EnginePing ping, EnginePace pace, InstantSource clock) {
    this.ping = ping;
    this.pace = pace;
    this.clock = clock;
    this.now = new Availability.Unavailable("not asked yet", clock.instant());
  }

  /**
   * Starts asking; call once.
   *
   * @param changed called after each change
   */
  void begin(Runnable changed) {
    thread = Thread.ofVirtual().name("engine-watch").start(() -> run(changed));
  }

  Availability now() {
    return now;
  }

  /** Whether it is known that the engine does not answer. */
  boolean knowsItAway() {
    return asked && now instanceof Availability.Unavailable;
  }

  /** A call has failed: ask at once. */
  void suspect() {
    LockSupport.unpark(thread);
  }

  private void run(Runnable changed) {
    var backoff = new Backoff(pace.probeFirst(), pace.probeMost());
    int failures = 0;
    while (!closed) {
      try {
        failures = look(failures, changed);
      } catch (RuntimeException e) {
        log.error("the watch of the container engine met a bug and goes on", e);
      }
      var pause =
          failures == 0
              ? pace.probe()
              : backoff.after(failures, ThreadLocalRandom.current().nextDouble());
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  private int look(int failures, Runnable changed) {
    Availability before = now;
    try {
      ping.ping();
      if (!(before instanceof Availability.Available)) {
        now = new Availability.Available();
        asked = true;
        log.info("the container engine answers{}", after(before));
        changed.run();
      }
      return 0;
    } catch (EngineException e) {
      if (closed) {
        return failures;
      }
      if (failures == 0) {
        Instant since = clock.instant();
        now = new Availability.Unavailable(String.valueOf(e.getMessage()), since);
        log.info("no containers here for the time being: {}", e.getMessage());
        asked = true;
        changed.run();
      }
      return failures + 1;
    }
  }

  private static String after(Availability before) {
    return before instanceof Availability.Unavailable away && !away.reason().equals("not asked yet")
        ? " again; it had been away since " + away.since()
        : "";
  }

  @Override
  public void close() {
    closed = true;
    suspect();
  }
}
