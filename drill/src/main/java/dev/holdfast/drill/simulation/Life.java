package dev.holdfast.drill.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * One run of a process. What it has put off happens only while it lives; while it is stopped it
 * waits, and comes in any sequence when it goes on, as timers and threads do.
 */
final class Life {
  /** How long after it went on a process may take to come to what is overdue. */
  static final long LONGEST_REACTION_MS = 1_000;

  private final Scheduler scheduler;
  private final Chance chance;
  private final double rate;
  private final List<Runnable> waiting = new ArrayList<>();
  private int stops;
  private boolean over;

  /**
   * Begins.
   *
   * @param rate how fast its machine's clock runs
   */
  Life(Scheduler scheduler, Chance chance, double rate) {
    this.scheduler = scheduler;
    this.chance = chance;
    this.rate = rate;
  }

  boolean isOver() {
    return over;
  }

  /** Does something later, by the clock of its machine. */
  void after(long delayMs, Runnable action) {
    scheduler.after((long) Math.ceil(delayMs / rate), () -> now(action));
  }

  /** Something comes from outside. */
  void now(Runnable action) {
    if (over) {
      return;
    }
    if (stops > 0) {
      waiting.add(action);
    } else {
      action.run();
    }
  }

  void stop() {
    stops++;
  }

  void goOn() {
    stops--;
    if (stops == 0) {
      List<Runnable> overdue = List.copyOf(waiting);
      waiting.clear();
      overdue.forEach(action -> after(chance.between(0, LONGEST_REACTION_MS), action));
    }
  }

  void end() {
    over = true;
    waiting.clear();
  }
}
