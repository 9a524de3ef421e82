package dev.holdfast.standalone.supervise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A living or ended process of a child: one that we started, or one that we found.
 *
 * <p>Signals go through a {@link ProcessHandle}, which remembers the process's start time and does
 * nothing once the pid belongs to another process.
 */
sealed interface ChildProcess {

  /** A found process is no child of ours: the kernel tells nobody but its parent that it ended. */
  long POLL_EVERY_MS = 100;

  ProcessHandle handle();

  /** Waits at most that long; true once the process has ended. */
  boolean ended(Duration within) throws InterruptedException;

  OptionalInt exitCode();

  default long pid() {
    return handle().pid();
  }

  /** TERM, then KILL if need be. Returns whether KILL was needed. */
  default boolean stop(Duration within) throws InterruptedException {
    handle().destroy();
    if (ended(within)) {
      return false;
    }
    handle().destroyForcibly();
    // Without a bound: a process in uninterruptible I/O dies when that returns, and must not be
    // called stopped before it has.
    while (!ended(Duration.ofSeconds(1))) {
      continue;
    }
    return true;
  }

  /** Started by this JVM. */
  record Own(Process process) implements ChildProcess {

    @Override
    public ProcessHandle handle() {
      return process.toHandle();
    }

    @Override
    public boolean ended(Duration within) throws InterruptedException {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public OptionalInt exitCode() {
      return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }
  }

  /** Left alive by an earlier supervisor. */
  record Found(ProcessHandle handle) implements ChildProcess {

    /** The process in the pid file, if it lives and its environment says that it is this child. */
    static Optional<Found> find(Path dataDir, String name) {
      return PidFile.of(dataDir, name)
          .read()
          .flatMap(ProcessHandle::of)
          .filter(handle -> hasEnvironment(handle.pid(), ChildLaunch.identity(dataDir, name)))
          .map(Found::new)
          .filter(Found::alive);
    }

    private static boolean hasEnvironment(long pid, Iterable<String> wanted) {
      try {
        String environment =
            "\0"
                + new String(
                    Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ")),
                    StandardCharsets.UTF_8)
                + "\0";
        for (String entry : wanted) {
          if (!environment.contains("\0" + entry + "\0")) {
            return false;
          }
        }
        return true;
      } catch (IOException e) {
        return false; // gone, or another user's: either way not ours
      }
    }

    /** Whether it was started to do what is asked for now. */
    boolean does(ChildSpec spec) {
      List<String> running = commandLine();
      List<String> told = spec.told();
      // Its end, since for an instant it is the shell that is about to become the program.
      int from = running.size() - told.size();
      return from >= 0 && running.subList(from, running.size()).equals(told);
    }

    /** Program and arguments; empty when it is gone. */
    List<String> commandLine() {
      try {
        String text = Files.readString(Path.of("/proc", Long.toString(pid()), "cmdline"));
        return text.isEmpty()
            ? List.of()
            : List.of(text.substring(0, text.length() - 1).split("\0", -1));
      } catch (IOException e) {
        return List.of();
      }
    }

    private boolean alive() {
      return handle.isAlive() && !zombie();
    }

    /** A zombie counts as alive for the JDK, and stays one where the init process reaps nobody. */
    private boolean zombie() {
      try {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
        char state = stat.charAt(stat.lastIndexOf(')') + 2);
        return state == 'Z' || state == 'X';
      } catch (IOException e) {
        return true;
      }
    }

    @Override
    public boolean ended(Duration within) throws InterruptedException {
      long deadline = System.nanoTime() + within.toNanos();
      while (alive()) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (leftMs <= 0) {
          return false;
        }
        Thread.sleep(Math.min(leftMs, POLL_EVERY_MS));
      }
      return true;
    }

    @Override
    public OptionalInt exitCode() {
      return OptionalInt.empty();
    }
  }
}
