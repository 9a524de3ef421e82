package dev.holdfast.worker.process;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * The file {@code beat}: the shim's sign of life, and what it does with the job. A full disk may
 * keep it from being renewed, so an old one alone proves nothing: ask {@link Identity#shim} too.
 *
 * @param boottimeMs when it was written, on the boot clock
 * @param frozenSinceMs on the boot clock, while frozen
 */
public record Beat(long boottimeMs, State state, OptionalLong frozenSinceMs, long jobPid) {

  public static final String FILE = "beat";

  /** What the shim does with the job. */
  public enum State {
    /** The job runs. */
    RUNNING,
    /** The lease has passed: the job is stopped where it stands. */
    FROZEN,
    /** TERM or KILL was sent; the exit record follows. */
    ENDING
  }

  public Beat {
    if (frozenSinceMs.isPresent() != (state == State.FROZEN)) {
      throw new IllegalArgumentException("frozen_since_ms goes with state frozen, found " + state);
    }
  }

  public static Reading<Beat> parse(byte[] bytes) {
    return ControlFile.parse(FILE, bytes).map(Beat::from);
  }

  private static Beat from(ControlFile file) {
    long frozenSinceMs = file.number("frozen_since_ms");
    return new Beat(
        file.number("boottime_ms"),
        State.valueOf(file.text("state").toUpperCase(Locale.ROOT)),
        frozenSinceMs == 0 ? OptionalLong.empty() : OptionalLong.of(frozenSinceMs),
        file.number("job_pid"));
  }
}
