package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that no other can be taken for: pids are used again, so the boot and the start time
 * belong to it.
 *
 * @param bootId of the kernel that ran it
 * @param startTicks when it started, in clock ticks since that boot
 */
public record ProcessIdentity(String bootId, long pid, long startTicks) {

  /** Fields of /proc/pid/stat after the name, counted from 0. */
  private static final int STATE = 0;

  private static final int START_TICKS = 19;

  public ProcessIdentity {
    if (bootId.isBlank() || pid < 1 || startTicks < 0) {
      throw new IllegalArgumentException(
          "Not a process: boot id '%s', pid %d, start %d".formatted(bootId, pid, startTicks));
    }
  }

  /** The living process that has this pid now, if there is one. */
  public static Optional<ProcessIdentity> of(long pid) {
    return fields(pid)
        .filter(fields -> !"ZX".contains(fields[STATE]))
        .map(fields ->
            new ProcessIdentity(BootClock.bootId(), pid, Long.parseLong(fields[START_TICKS])));
  }

  /** Whether this very process still runs (a stopped one does, a zombie does not). */
  public boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }

  private static Optional<String[]> fields(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), ISO_8859_1);
      /* The name stands in brackets and may hold anything, brackets and spaces too. */
      return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException failure) {
      if (Files.notExists(Path.of("/proc", Long.toString(pid)))) {
        return Optional.empty();
      }
      throw new UncheckedIOException("Cannot read /proc/" + pid + "/stat", failure);
    }
  }
}
