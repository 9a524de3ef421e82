package dev.holdfast.schemas.worker;

import dev.holdfast.schemas.Require;
import java.time.Instant;

/**
 * Something that a worker cannot offer for the time being.
 *
 * @param what e.g. {@code docker}, {@code disk}
 * @param reason what was found
 * @param since by the worker's clock
 */
public record Unavailability(String what, String reason, Instant since) {
  public Unavailability {
    Require.id("what", what);
    Require.present("reason", reason);
    Require.present("since", since);
  }
}
