package dev.holdfast.drill.simulation;

import dev.holdfast.worker.attempt.Action;

/** What a shim's exit record says. */
sealed interface Ending {
  record Exited(int code) implements Ending {}

  record Signalled(int signal) implements Ending {}

  record Stopped(Action.Reason reason) implements Ending {}

  /** Frozen for too long, or its lease had lapsed before it could start. */
  record LeaseEnded() implements Ending {}
}
