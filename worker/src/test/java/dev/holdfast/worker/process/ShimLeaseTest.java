package dev.holdfast.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lease: past its deadline nothing of the job runs, and a renewal loses no work. */
class ShimLeaseTest {

  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(1);

  /** What a loaded machine may take to stop a process; the lease's own slack is 5 s. */
  private static final long REACTION_MS = 2000;

  @TempDir Path root;

  @Test
  void freezesAtTheDeadlineAndThawsWhenRenewed() throws Exception {
    try (ShimRun run = new ShimRun(root).lease(SHORT).startScript(ShimRun.TICKER)) {
      long deadlineMs = deadline(run);
      run.awaitState(Beat.State.FROZEN);
      long frozenSinceMs = run.beatNow().frozenSinceMs().orElseThrow();
      assertThat(frozenSinceMs).isBetween(deadlineMs, deadlineMs + REACTION_MS);

      staysFrozen(run, Duration.ofMillis(REACTION_MS + 500));
      int ticksBefore = ticksMs(run).size();
      long renewedMs = ShimRun.CLOCK.nowMs();
      run.renew(LONG);
      ShimRun.eventually(() -> ticksMs(run).size() > ticksBefore + 5);

      assertThat(run.beatNow().state()).isEqualTo(Beat.State.RUNNING);
      assertThat(ticksMs(run))
          .noneMatch(tick -> tick > deadlineMs + REACTION_MS && tick < renewedMs - 20)
          .anyMatch(tick -> tick < deadlineMs);
      run.stop(Stop.Reason.CANCELLED, Duration.ZERO);
      assertThat(run.awaitExit().usage().frozenMs())
          .isBetween(REACTION_MS, renewedMs + REACTION_MS - deadlineMs);
    }
  }

  @Test
  void freezesTheWholeTree() throws Exception {
    String daemon = "(setsid sh -c '" + ShimRun.TICKER + "' &); (" + ShimRun.TICKER + ") & wait";

    try (ShimRun run = new ShimRun(root).lease(SHORT).startScript(daemon)) {
      run.awaitState(Beat.State.FROZEN);
      ShimRun.eventually(() -> run.living().stream().allMatch(ShimLeaseTest::isStopped));

      assertThat(run.living()).hasSizeGreaterThanOrEqualTo(3);
      staysFrozen(run, Duration.ofSeconds(1));
    }
  }

  @Test
  void stopsAgainWhatSomebodyElseWakes() throws Exception {
    try (ShimRun run = new ShimRun(root).lease(SHORT).startScript(ShimRun.TICKER)) {
      run.awaitState(Beat.State.FROZEN);
      long leader = run.identity().job().pid();
      ShimRun.eventually(() -> isStopped(leader));

      new ProcessBuilder("sh", "-c", "kill -CONT " + leader).start().waitFor();

      ShimRun.eventually(() -> isStopped(leader));
      staysFrozen(run, SHORT);
    }
  }

  @Test
  void takesOnlyLaterDeadline() throws Exception {
    try (ShimRun run = new ShimRun(root).lease(LONG).startScript(ShimRun.TICKER)) {
      run.awaitOutput(".");
      run.renew(Duration.ofMillis(-1000));

      ShimRun.patiently()
          .during(Duration.ofMillis(500))
          .until(() -> run.beatNow().state() == Beat.State.RUNNING);
    }
  }

  @Test
  void keepsKnownDeadlineWhenTheLeaseIsDamagedOrGone() throws Exception {
    try (ShimRun run = new ShimRun(root).lease(Duration.ofSeconds(2)).startScript(ShimRun.TICKER)) {
      run.awaitOutput(".");
      long deadlineMs = deadline(run);
      byte[] damaged = new Lease(deadlineMs + LONG.toMillis()).render();
      damaged[damaged.length - 2] = (byte) (damaged[damaged.length - 2] == '0' ? '1' : '0');
      AtomicFile.replace(run.directory.resolve(Lease.FILE), damaged);
      ShimRun.eventually(() -> Files.exists(run.directory.resolve("shim.log")));
      Files.delete(run.directory.resolve(Lease.FILE));

      run.awaitState(Beat.State.FROZEN);
      assertThat(run.beatNow().frozenSinceMs().orElseThrow())
          .isBetween(deadlineMs, deadlineMs + REACTION_MS);
    }
  }

  @Test
  void endsJobFrozenTooLongWithoutWorker() throws Exception {
    ShimRun limited = new ShimRun(root).lease(SHORT).frozenLimits(Duration.ofMillis(300), LONG);

    try (ShimRun run = limited.startScript(ShimRun.TICKER)) {
      ExitRecord exit = run.awaitExit();

      assertThat(exit.ending()).isEqualTo(new Ending.LeaseEnded("frozen-limit", killedBy(9)));
      assertThat(exit.usage().frozenMs()).isGreaterThanOrEqualTo(300);
      assertThat(run.living()).isEmpty();
    }
  }

  @Test
  void keepsJobFrozenWhileWorkerLives() throws Exception {
    ShimRun limited = new ShimRun(root).lease(SHORT).frozenLimits(Duration.ofMillis(300), LONG);

    try (FileChannel lock = FileChannel.open(limited.workerLock, StandardOpenOption.WRITE)) {
      lock.lock();
      try (ShimRun run = limited.startScript(ShimRun.TICKER)) {
        run.awaitState(Beat.State.FROZEN);
        staysFrozen(run, Duration.ofMillis(1200));

        lock.close();
        assertThat(run.awaitExit().ending())
            .isEqualTo(new Ending.LeaseEnded("frozen-limit", killedBy(9)));
      }
    }
  }

  @Test
  void endsJobFrozenTooLongEvenWithWorker() throws Exception {
    ShimRun limited = new ShimRun(root).lease(SHORT).frozenLimits(LONG, Duration.ofMillis(500));

    try (FileChannel lock = FileChannel.open(limited.workerLock, StandardOpenOption.WRITE)) {
      lock.lock();
      try (ShimRun run = limited.startScript(ShimRun.TICKER)) {
        assertThat(run.awaitExit().ending())
            .isEqualTo(new Ending.LeaseEnded("frozen-limit", killedBy(9)));
      }
    }
  }

  @Test
  void killsFrozenJobWithoutWakingItWhenSuperseded() throws Exception {
    String script = "trap 'echo woke; exit' TERM; echo ready; while :; do sleep 0.05; done";

    try (ShimRun run = new ShimRun(root).lease(SHORT).startScript(script)) {
      run.awaitState(Beat.State.FROZEN);
      run.stop(Stop.Reason.SUPERSEDED, Duration.ofSeconds(10));

      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Stopped("superseded", killedBy(9)));
      assertThat(run.stdout()).isEqualTo("ready\n");
    }
  }

  @Test
  void letsFrozenJobCleanUpWhenCancelled() throws Exception {
    String script = "trap 'echo woke; exit 0' TERM; echo ready; while :; do sleep 0.05; done";

    try (ShimRun run = new ShimRun(root).lease(SHORT).startScript(script)) {
      run.awaitState(Beat.State.FROZEN);
      run.stop(Stop.Reason.CANCELLED, Duration.ofSeconds(10));

      assertThat(run.awaitExit().ending()).isInstanceOf(Ending.Stopped.class);
      assertThat(run.stdout()).isEqualTo("ready\nwoke\n");
    }
  }

  @Test
  void cutsTheGraceAtTheDeadline() throws Exception {
    String script = "trap '' TERM; " + ShimRun.TICKER;

    try (ShimRun run = new ShimRun(root).lease(Duration.ofSeconds(2)).startScript(script)) {
      run.awaitOutput(".");
      run.stop(Stop.Reason.SHUTDOWN, LONG);

      ExitRecord exit = run.awaitExit();
      assertThat(exit.ending()).isEqualTo(new Ending.Stopped("shutdown", killedBy(9)));
      assertThat(exit.usage().wallMs()).isLessThan(2000 + REACTION_MS);
    }
  }

  @Test
  void runsOnPastTheDeadlineWhenAskedTo() throws Exception {
    ShimRun asked = new ShimRun(root).lease(SHORT).onLostLease(Launch.Policy.CONTINUE);

    try (ShimRun run = asked.startScript(ShimRun.TICKER)) {
      long deadlineMs = deadline(run);

      ShimRun.eventually(() -> ticksMs(run).stream().anyMatch(tick -> tick > deadlineMs + 500));
      assertThat(run.beatNow().state()).isEqualTo(Beat.State.RUNNING);
    }
  }

  @Test
  void endsAtTheDeadlineWhenAskedTo() throws Exception {
    ShimRun asked = new ShimRun(root).lease(SHORT).onLostLease(Launch.Policy.END);

    try (ShimRun run = asked.startScript(ShimRun.TICKER)) {
      assertThat(run.awaitExit().ending())
          .isEqualTo(new Ending.LeaseEnded("deadline", killedBy(15)));
    }
  }

  @Test
  void doesNotCountFrozenTimeAsRunTime() throws Exception {
    ShimRun limited = new ShimRun(root).lease(SHORT).runTimeout(Duration.ofMillis(2500));

    try (ShimRun run = limited.startScript(ShimRun.TICKER)) {
      run.awaitState(Beat.State.FROZEN);
      staysFrozen(run, Duration.ofMillis(1500));
      run.renew(LONG);

      ExitRecord exit = run.awaitExit();
      assertThat(exit.ending()).isEqualTo(new Ending.TimedOut("run", killedBy(15)));
      assertThat(exit.usage().frozenMs()).isGreaterThanOrEqualTo(1500);
      assertThat(exit.usage().wallMs() - exit.usage().frozenMs()).isGreaterThanOrEqualTo(2500);
    }
  }

  /** Once everything stands, not one more byte of output comes. */
  private static void staysFrozen(ShimRun run, Duration time) throws IOException {
    ShimRun.eventually(() -> run.living().stream().allMatch(ShimLeaseTest::isStopped));
    String before = run.stdout();
    ShimRun.patiently()
        .during(time)
        .until(() -> run.stdout().equals(before) && run.beatNow().state() == Beat.State.FROZEN);
  }

  /** A shell that waits in vfork for a stopped child is in state D, and runs as little. */
  private static boolean isStopped(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return "TD".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
    } catch (IOException gone) {
      return false;
    }
  }

  private static long deadline(ShimRun run) throws IOException {
    return Reading.of(run.directory.resolve(Lease.FILE), Lease::parse)
        .whole()
        .orElseThrow()
        .deadlineMs();
  }

  private static List<Long> ticksMs(ShimRun run) throws IOException {
    return run.stdout()
        .lines()
        .filter(line -> line.matches("\\d+\\.\\d\\d"))
        .map(line -> Math.round(Double.parseDouble(line) * 1000))
        .toList();
  }

  private static Ending.Leader killedBy(int signal) {
    return new Ending.Leader(OptionalInt.empty(), OptionalInt.of(signal));
  }
}
