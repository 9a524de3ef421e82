package dev.holdfast.worker.hold;

/** How many milliseconds a hold waits between two looks, unless there is news. */
final class Pace {
  static final long WHILE_BUSY_MS = 1000;
  static final long WHILE_WAITING_MS = 1000;
  static final long WHILE_STOPPING_MS = 10;
  static final long AFTER_FAILURE_MS = 1000;
  static final long CLOSE_LOOK_EVERY_NS = 1_000_000_000;
  private static final long SHORTEST_LOOK_MS = 5;
  private static final long LONGEST_LOOK_MS = 200;
  private static final long PART_OF_AGE = 50;

  private Pace() {}

  /** The end of a long job is noticed a little later than that of a short one. */
  static long whileRunningMs(long ageMs) {
    return Math.clamp(ageMs / PART_OF_AGE, SHORTEST_LOOK_MS, LONGEST_LOOK_MS);
  }
}
