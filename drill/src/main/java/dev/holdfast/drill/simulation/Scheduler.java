package dev.holdfast.drill.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The one clock of a simulation: the next thing to happen is the earliest that was put off. */
final class Scheduler {
  private record Due(long atMs, long order, Runnable action) {}

  private final PriorityQueue<Due> agenda =
      new PriorityQueue<>(Comparator.comparingLong(Due::atMs).thenComparingLong(Due::order));
  private long nowMs;
  private long putOff;
  private long steps;

  long nowMs() {
    return nowMs;
  }

  long steps() {
    return steps;
  }

  void after(long delayMs, Runnable action) {
    agenda.add(new Due(nowMs + Math.max(0, delayMs), putOff++, action));
  }

  /** Does everything that is due until then. */
  void runUntil(long untilMs) {
    while (!agenda.isEmpty() && agenda.peek().atMs() <= untilMs) {
      Due due = agenda.remove();
      nowMs = due.atMs();
      steps++;
      due.action().run();
    }
    nowMs = untilMs;
  }
}
