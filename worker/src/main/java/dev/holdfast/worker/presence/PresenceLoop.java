package dev.holdfast.worker.presence;

import dev.holdfast.schemas.worker.DiskSpace;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.Unavailability;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.process.BootClock;
import dev.holdfast.worker.report.Announcements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Announces the worker at its interval and whenever something changed. One thread of its own. */
public final class PresenceLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PresenceLoop.class);

  /** A lease lasts at most 18 intervals of 5 s; changes in between take the rest. */
  private static final int REMEMBERED = 4096;

  private final Announcer announcer;
  private final Announcements announcements;
  private final BootClock clock;
  private final SentTimes sentTimes = new SentTimes(REMEMBERED);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Thread thread;
  private boolean announceNow;
  private boolean closed;

  /** Not yet begun. */
  public PresenceLoop(Announcer announcer, Announcements announcements, BootClock clock) {
    this.announcer = announcer;
    this.announcements = announcements;
    this.clock = clock;
  }

  /**
   * Starts announcing; call once.
   *
   * @param offer asked before each announcement
   */
  public void begin(Supplier<Offer> offer) {
    thread = Thread.ofPlatform().name("presence").daemon().start(() -> run(offer));
  }

  /** What never changes while the worker lives. */
  public record Announcer(
      WorkerId worker,
      long incarnation,
      String host,
      long pid,
      Instant startedAt,
      Duration interval,
      Capacity capacity) {
    /** Of a worker like any other. */
    public Announcer(
        WorkerId worker,
        long incarnation,
        String host,
        long pid,
        Instant startedAt,
        Duration interval) {
      this(worker, incarnation, host, pid, startedAt, interval, Capacity.UNTOLD);
    }
  }

  /**
   * What the worker offers now.
   *
   * @param unavailable what it cannot offer for the time being
   * @param disk null if it cannot tell
   * @param mirrors URLs of repositories that it holds already, the most recently used first
   */
  public record Offer(
      int slots,
      int running,
      boolean draining,
      boolean containers,
      List<Unavailability> unavailable,
      @Nullable DiskSpace disk,
      List<String> mirrors) {

    /** The same of one that holds these repositories. */
    public Offer holding(List<String> repositories) {
      return new Offer(slots, running, draining, containers, unavailable, disk, repositories);
    }

    /**
     * Of a worker that lacks nothing but an engine for containers, and says nothing of its disk.
     */
    public Offer(int slots, int running, boolean draining) {
      this(slots, running, draining, false, List.of(), null, List.of());
    }
  }

  /** When the presence of this sequence was sent; empty if that is no longer known. */
  public OptionalLong sentAtMs(long sequence) {
    return sentTimes.of(sequence);
  }

  /** The offer has changed: announce it without waiting for the interval. */
  public void changed() {
    lock.lock();
    try {
      announceNow = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run(Supplier<Offer> offer) {
    try {
      for (long sequence = 1; !pauseUnlessFirst(sequence); sequence++) {
        announce(sequence, offer.get());
      }
    } catch (InterruptedException e) {
      log.debug("presence ends");
    }
  }

  private void announce(long sequence, Offer now) {
    try {
      long sentAtMs = clock.nowMs();
      sentTimes.sent(sequence, sentAtMs);
      announcements.send(
          new Presence(
              announcer.worker(),
              announcer.incarnation(),
              sequence,
              now.slots(),
              now.running(),
              now.draining(),
              announcer.host(),
              announcer.pid(),
              announcer.startedAt(),
              announcer.interval().toMillis(),
              now.containers(),
              now.unavailable(),
              now.disk(),
              announcer.capacity().pools(),
              announcer.capacity().labels(),
              announcer.capacity().cpus(),
              announcer.capacity().memoryBytes(),
              now.mirrors()));
    } catch (RuntimeException e) {
      log.warn(
          "presence {} could not be sent; the next one follows soon: {}", sequence, e.toString());
    }
  }

  /**
   * Waits for the interval or a change.
   *
   * @return whether the loop is closed
   */
  private boolean pauseUnlessFirst(long sequence) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long leftNs = sequence == 1 ? 0 : announcer.interval().toNanos();
      while (!closed && !announceNow && leftNs > 0) {
        leftNs = changed.awaitNanos(leftNs);
      }
      announceNow = false;
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }
}
