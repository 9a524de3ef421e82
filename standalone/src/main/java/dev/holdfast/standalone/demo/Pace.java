package dev.holdfast.standalone.demo;

import java.time.Duration;

/**
 * The intervals of the demo's jobs. As short as the machine allows: a worker must be able to come
 * back before its job is stale, so a machine that takes long to start a worker gets longer ones.
 */
record Pace(Duration heartbeat) {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final int STALE_AFTER_HEARTBEATS = 5;

  /** What the cell itself runs with: its clock ticks often enough for any pace. */
  static Pace shortest() {
    return new Pace(SHORTEST);
  }

  /**
   * A pace for a machine on which the whole system took this long from the start of its processes
   * to workers with slots: a worker that starts alone needs less, so half as much again is room.
   */
  static Pace after(Duration systemStart) {
    long seconds = Math.ceilDiv(systemStart.toMillis() * 3 / 2, 1000L * STALE_AFTER_HEARTBEATS);
    return new Pace(Duration.ofSeconds(Math.max(SHORTEST.toSeconds(), seconds)));
  }

  Duration staleAfter() {
    return heartbeat.multipliedBy(STALE_AFTER_HEARTBEATS);
  }

  /** As many steps of a tenth of a second as outlast a lease, with room to act before. */
  int stepsPastALease() {
    return Math.toIntExact(staleAfter().toMillis() / 100) + 30;
  }

  /** Whatever the demo waits for has happened by then, or will not. */
  Duration patience() {
    return staleAfter().multipliedBy(4).plusSeconds(30);
  }
}
