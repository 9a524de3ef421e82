package dev.holdfast.schemas.worker;

import dev.holdfast.schemas.Require;
import java.time.Instant;

/**
 * Something that a worker cannot offer for the time being.
 *
 * @param what e.g. {@code docker}, {@code disk}
 * @param reason what was found; cut at 4,000 characters
 * @param since by the worker's clock
 */
public record Unavailability(String what, String reason, Instant since) {
  private static final int MOST_CHARACTERS = 4000;

  public Unavailability {
    Require.id("what", what);
    reason = Require.present("reason", reason);
    reason = reason.substring(0, Math.min(reason.length(), MOST_CHARACTERS));
    Require.present("since", since);
  }
}
