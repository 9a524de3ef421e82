package dev.holdfast.drill.simulation;

import java.util.HashSet;
import java.util.Set;

/** Since when nothing has been wrong with something. */
final class Wellness {
  private final Scheduler scheduler;
  private final Set<Object> ailments = new HashSet<>();
  private long wellSinceMs;

  Wellness(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void ail(Object ailment) {
    ailments.add(ailment);
  }

  void heal(Object ailment) {
    if (ailments.remove(ailment)) {
      wellSinceMs = scheduler.nowMs();
    }
  }

  /** For how long all has been well; zero if it is not. */
  long wellForMs() {
    return ailments.isEmpty() ? scheduler.nowMs() - wellSinceMs : 0;
  }
}
