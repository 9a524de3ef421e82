package dev.holdfast.schemas.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import java.time.Duration;

/**
 * For commands that print a final result and then hang: once the marker is seen, the command has
 * the grace to leave by itself, then it is ended, and counts as exited with code 0.
 *
 * @param marker bytes of a line of standard output, as UTF-8; anywhere in the line
 * @param grace 10 seconds if left out
 */
public record Finisher(String marker, Duration grace) {
  private static final int MOST_MARKER_BYTES = 200;
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

  public Finisher {
    Require.line("marker", marker, MOST_MARKER_BYTES);
    if (marker.getBytes(UTF_8).length > MOST_MARKER_BYTES) {
      throw new InvalidField("marker", "must be at most " + MOST_MARKER_BYTES + " bytes of UTF-8");
    }
    grace = grace == null ? DEFAULT_GRACE : grace;
    if (grace.isNegative() || grace.compareTo(Duration.ofDays(1)) > 0) {
      throw new InvalidField("grace", "must be from PT0S to P1D, not " + grace);
    }
  }
}
