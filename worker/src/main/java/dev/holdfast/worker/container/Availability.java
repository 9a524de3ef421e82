package dev.holdfast.worker.container;

import java.time.Instant;

/** Whether containers can be run now. */
public sealed interface Availability {
  /** The engine answers. */
  record Available() implements Availability {}

  /** It does not. */
  record Unavailable(String reason, Instant since) implements Availability {}

  /** There is to be none. */
  record Off() implements Availability {}
}
