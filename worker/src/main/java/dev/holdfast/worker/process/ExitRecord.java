package dev.holdfast.worker.process;

import dev.holdfast.worker.process.Ending.Leader;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The file {@code exit}: the only way in which an attempt ends with an outcome.
 *
 * @param endedWallMs wall clock, for people
 * @param leftovers most processes found at once that had outlived the leader and were ended
 * @param killed most processes found at once that did not leave when asked
 * @param remaining processes that could not be ended even by KILL; normally 0
 * @param oomKills processes that the kernel killed because the memory limit was reached, where that
 *     can be known
 */
public record ExitRecord(
    Ending ending,
    long endedWallMs,
    Usage usage,
    long leftovers,
    long killed,
    long remaining,
    long oomKills) {

  public static final String FILE = "exit";

  private static final int SIGKILL = 9;

  public static Reading<ExitRecord> parse(byte[] bytes) {
    return ControlFile.parse(FILE, bytes).map(ExitRecord::from);
  }

  private static ExitRecord from(ControlFile file) {
    return new ExitRecord(
        ending(file),
        file.number("ended_wall_ms"),
        Usage.from(file),
        file.number("leftovers"),
        file.optionalNumber("killed").orElseGet(() -> killedByEarlierRelease(file)),
        file.number("remaining"),
        file.optionalNumber("oom_kills").orElse(0));
  }

  /** A shim of release 0.1 counted what outlived the leader, and not the leader itself. */
  private static long killedByEarlierRelease(ControlFile file) {
    boolean ended = !file.text("kind").equals("signalled");
    return file.number("leftovers")
        + (ended && file.optionalNumber("signal").orElse(0) == SIGKILL ? 1 : 0);
  }

  private static Ending ending(ControlFile file) {
    String kind = file.text("kind");
    return switch (kind) {
      case "exited" -> new Ending.Exited((int) file.number("code"));
      case "signalled" -> new Ending.Signalled((int) file.number("signal"));
      case "stopped" -> new Ending.Stopped(file.text("reason"), leader(file));
      case "timed-out" -> new Ending.TimedOut(file.text("reason"), leader(file));
      case "lease-ended" -> new Ending.LeaseEnded(file.text("reason"), leader(file));
      case "start-failed" -> new Ending.StartFailed(file.text("cause"), optional(file, "errno"));
      default -> throw new IllegalArgumentException("not a kind of ending: " + kind);
    };
  }

  private static Leader leader(ControlFile file) {
    return new Leader(optional(file, "code"), optional(file, "signal"));
  }

  private static OptionalInt optional(ControlFile file, String key) {
    OptionalLong value = file.optionalNumber(key);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }
}
