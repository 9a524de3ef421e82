package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.Require;
import org.jspecify.annotations.Nullable;

/** How much an attempt wrote. */
public record OutputTotals(StreamTotal stdout, StreamTotal stderr) {
  public static final OutputTotals NONE = new OutputTotals(StreamTotal.EMPTY, StreamTotal.EMPTY);

  public OutputTotals {
    Require.present("stdout", stdout);
    Require.present("stderr", stderr);
  }

  public StreamTotal of(OutputStreamName stream) {
    return switch (stream) {
      case STDOUT -> stdout;
      case STDERR -> stderr;
    };
  }

  /**
   * One stream.
   *
   * @param bytes all that was written, kept or not
   * @param sha256 of all that was written, in hex
   * @param cutFrom first byte not kept; null if all are
   * @param cutTo one past the last byte not kept; null if all are
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StreamTotal(
      long bytes, String sha256, @Nullable Long cutFrom, @Nullable Long cutTo) {
    public static final StreamTotal EMPTY =
        new StreamTotal(
            0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", null, null);

    public StreamTotal {
      Require.atLeast("bytes", 0, bytes);
      Require.present("sha256", sha256);
    }
  }
}
