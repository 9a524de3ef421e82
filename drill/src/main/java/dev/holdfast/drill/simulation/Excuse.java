package dev.holdfast.drill.simulation;

/** Nobody can help what an attempt does after a long pause, before the pause is noticed. */
final class Excuse {
  private static final long FREEZE_MS = World.LIVENESS.freezeWithin().toMillis();

  private final Scheduler scheduler;
  private long untilMs = -1;

  Excuse(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** A pause ends now. One shorter than the freeze bound excuses nothing. */
  void pausedSince(long atMs) {
    if (scheduler.nowMs() - atMs > FREEZE_MS) {
      untilMs = scheduler.nowMs() + Life.LONGEST_REACTION_MS + FREEZE_MS;
    }
  }

  boolean holds() {
    return scheduler.nowMs() <= untilMs;
  }
}
