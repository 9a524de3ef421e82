package dev.holdfast.worker.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine's boot clock (CLOCK_BOOTTIME): milliseconds since the machine started, suspend
 * included. All processes of a machine share it, so a worker can tell a shim a deadline by it;
 * Java's own clocks either jump, or stand still in a suspend.
 */
public interface BootClock {

  long nowMs();

  /** Where the time comes from, for the log at start. */
  String source();

  /** The best clock that this JVM can have: the kernel's own, else the one in /proc. */
  static BootClock system() {
    try {
      return new NativeClock();
    } catch (RuntimeException | Error unavailable) {
      return new ProcClock(unavailable);
    }
  }

  /** The id of the running kernel: times on the boot clock mean nothing under another. */
  static String bootId() {
    return read(Path.of("/proc/sys/kernel/random/boot_id"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "Cannot read " + file + ": a worker needs Linux with /proc mounted", failure);
    }
  }

  /** clock_gettime(2) by the foreign function interface. */
  final class NativeClock implements BootClock {

    private static final int CLOCK_BOOTTIME = 7;

    private final MethodHandle clockGetTime;

    @SuppressWarnings("restricted") // every launcher of ours allows native access
    private NativeClock() {
      Linker linker = Linker.nativeLinker();
      clockGetTime =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("clock_gettime"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
      nowMs();
    }

    @Override
    public long nowMs() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment time = arena.allocate(2 * JAVA_LONG.byteSize(), JAVA_LONG.byteAlignment());
        int result = (int) clockGetTime.invokeExact(CLOCK_BOOTTIME, time);
        if (result != 0) {
          throw new IllegalStateException("clock_gettime knows no CLOCK_BOOTTIME");
        }
        long seconds = time.getAtIndex(JAVA_LONG, 0);
        long nanos = time.getAtIndex(JAVA_LONG, 1);
        return seconds * 1000 + nanos / 1_000_000;
      } catch (RuntimeException | Error failure) {
        throw failure;
      } catch (Throwable impossible) {
        throw new AssertionError("clock_gettime throws nothing", impossible);
      }
    }

    @Override
    public String source() {
      return "clock_gettime(CLOCK_BOOTTIME)";
    }
  }

  /** /proc/uptime: the same clock in steps of 10 ms, rounded down. */
  final class ProcClock implements BootClock {

    private final Throwable why;

    ProcClock(Throwable why) {
      this.why = why;
    }

    @Override
    public long nowMs() {
      String uptime = read(Path.of("/proc/uptime")).split(" ")[0];
      return Math.round(Double.parseDouble(uptime) * 1000);
    }

    @Override
    public String source() {
      return "/proc/uptime, in steps of 10 ms, because native access failed: " + why;
    }
  }
}
