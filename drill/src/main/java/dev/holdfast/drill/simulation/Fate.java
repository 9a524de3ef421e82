package dev.holdfast.drill.simulation;

import org.jspecify.annotations.Nullable;

/** What really became of one attempt, whoever knows of it. */
final class Fate {
  private boolean begun;
  private boolean gone;
  private @Nullable Ending ending;

  void begin() {
    begun = true;
  }

  /** It has left an exit record, or returned. */
  void end(Ending how) {
    ending = how;
  }

  /** Nothing is left of it that could tell how it ended. */
  void vanish() {
    gone = true;
  }

  @Nullable Ending ending() {
    return ending;
  }

  /** Whether it lives, or has left an outcome that is worth something. */
  boolean isWorthSomething() {
    if (!begun || gone) {
      return false;
    }
    return switch (ending) {
      case null -> true;
      case Ending.Exited exited -> true;
      case Ending.Signalled signalled -> true;
      case Ending.Stopped stopped -> false;
      case Ending.LeaseEnded leaseEnded -> false;
    };
  }

  @Override
  public String toString() {
    return gone ? "gone" : ending != null ? ending.toString() : begun ? "alive" : "not begun";
  }
}
