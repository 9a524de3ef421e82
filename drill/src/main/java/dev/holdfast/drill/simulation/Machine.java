package dev.holdfast.drill.simulation;

import java.util.List;

/** A machine's clock, its boots, and the pauses that nothing on it can notice before they end. */
final class Machine {
  private static final double RATE_ERROR = 0.002;

  private final Scheduler scheduler;
  private final Chance chance;
  private final double rate;
  private Life power;
  private long boot;
  private long bootedAtMs;
  private long bootOffsetMs;

  Machine(Scheduler scheduler, Chance chance) {
    this.scheduler = scheduler;
    this.chance = chance;
    this.rate = 1 + RATE_ERROR * (2 * chance.fraction() - 1);
    this.power = newLife();
    start();
  }

  /** The boot-time clock: it counts suspend, runs a little fast or slow, and starts anywhere. */
  long bootMs() {
    return bootOffsetMs + (long) ((scheduler.nowMs() - bootedAtMs) * rate);
  }

  /** A monotonic clock of any process on it. */
  long nanos() {
    return (long) (scheduler.nowMs() * 1_000_000.0 * rate);
  }

  /** Tells one boot from another. */
  long boot() {
    return boot;
  }

  /** What does not depend on any process of ours: init, the kernel. */
  Life power() {
    return power;
  }

  Life newLife() {
    return new Life(scheduler, chance, rate);
  }

  void reboot() {
    power.end();
    power = newLife();
    start();
  }

  private void start() {
    boot++;
    bootedAtMs = scheduler.nowMs();
    bootOffsetMs = chance.between(0, 1_000_000_000);
  }

  /**
   * Stops some processes; the answer lets them go on.
   *
   * @param excuses to whom to turn for what they do before they notice
   */
  Runnable pause(List<Life> lives, List<Excuse> excuses) {
    long sinceMs = scheduler.nowMs();
    lives.forEach(Life::stop);
    return () -> {
      lives.forEach(Life::goOn);
      excuses.forEach(excuse -> excuse.pausedSince(sinceMs));
    };
  }
}
