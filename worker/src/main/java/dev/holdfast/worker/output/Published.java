package dev.holdfast.worker.output;

import dev.holdfast.schemas.attempt.OutputStreamName;
import java.io.IOException;

/** The first byte of each stream that is not known to be safe in the log. */
public record Published(long stdout, long stderr) {
  public static final Published NOTHING = new Published(0, 0);

  public long of(OutputStreamName stream) {
    return switch (stream) {
      case STDOUT -> stdout;
      case STDERR -> stderr;
    };
  }

  public long total() {
    return stdout + stderr;
  }

  /** Keeps the positions, so that a later incarnation goes on from there. */
  public interface Keeper {
    void keep(Published published) throws IOException;
  }
}
