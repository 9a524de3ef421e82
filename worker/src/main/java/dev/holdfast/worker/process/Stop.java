package dev.holdfast.worker.process;

import java.time.Duration;
import java.util.Locale;

/**
 * The file {@code stop}: end the job. Written by the worker; once it is there the job is ended,
 * whoever else dies meanwhile.
 *
 * @param grace between TERM and KILL; cut short at the lease's deadline unless cancelled
 */
public record Stop(Reason reason, Duration grace) {

  public static final String FILE = "stop";

  /** Why the job is ended; the exit record repeats it. */
  public enum Reason {
    /** The coordinator gave the job up for good: even a frozen one may still clean up. */
    CANCELLED,
    /** A later attempt has the job: a frozen one is killed as it stands. */
    SUPERSEDED,
    /** The coordinator knows no such job. */
    ORPHAN,
    /** The worker gives the attempt back. */
    SHUTDOWN
  }

  public Stop {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("A grace must not be negative, found " + grace);
    }
  }

  public byte[] render() {
    return ControlFile.named(FILE)
        .with("reason", reason.name().toLowerCase(Locale.ROOT))
        .with("grace_ms", grace.toMillis())
        .render();
  }

  public static Reading<Stop> parse(byte[] bytes) {
    return ControlFile.parse(FILE, bytes)
        .map(file ->
            new Stop(
                Reason.valueOf(file.text("reason").toUpperCase(Locale.ROOT)),
                Duration.ofMillis(file.number("grace_ms"))));
  }
}
