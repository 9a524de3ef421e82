package dev.holdfast.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How attempts end: the true outcome is recorded, and no process is left. */
class ShimEndTest {

  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  /** A daemon that has left its parent, its session and its process group, and ignores TERM. */
  private static final String DAEMON =
      "(setsid sh -c 'trap \"\" TERM HUP; echo daemon; while :; do sleep 0.1; done' &)";

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 42, 255})
  void recordsTheExitCode(int code) throws Exception {
    try (ShimRun run = new ShimRun(root).startScript("exit " + code)) {
      ExitRecord exit = run.awaitExit();

      assertThat(exit.ending()).isEqualTo(new Ending.Exited(code));
      assertThat(exit.leftovers()).isZero();
      assertThat(exit.remaining()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 11, 15})
  void recordsTheSignal(int signal) throws Exception {
    try (ShimRun run = new ShimRun(root).startScript("kill -" + signal + " $$")) {
      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Signalled(signal));
    }
  }

  @Test
  void recordsWhatWasUsed() throws Exception {
    String busy = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; sleep 0.2";

    try (ShimRun run = new ShimRun(root).startScript(busy)) {
      ExitRecord exit = run.awaitExit();

      assertThat(exit.usage().wallMs()).isBetween(200L, 20_000L);
      assertThat(exit.usage().utimeMs()).isPositive();
      assertThat(exit.usage().maxrssKb()).isPositive();
      assertThat(exit.endedWallMs()).isBetween(1_700_000_000_000L, System.currentTimeMillis());
    }
  }

  @Test
  void losesNoExitCodeOfShortJobs() throws Exception {
    List<ShimRun> runs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      runs.add(new ShimRun(root).startScript("exit " + i));
    }

    for (int i = 0; i < runs.size(); i++) {
      try (ShimRun run = runs.get(i)) {
        assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Exited(i));
      }
    }
  }

  @Test
  void endsEveryProcessOfStoppedJob() throws Exception {
    String script = DAEMON + "; sh -c 'trap \"\" TERM; while :; do sleep 0.1; done' & wait";

    try (ShimRun run = new ShimRun(root).startScript(script)) {
      run.awaitOutput("daemon");
      run.stop(Stop.Reason.CANCELLED, Duration.ofMillis(300));

      ExitRecord exit = run.awaitExit();
      assertThat(run.living()).isEmpty();
      assertThat(exit.ending()).isEqualTo(new Ending.Stopped("cancelled", killedBy(SIGTERM)));
      assertThat(exit.leftovers()).isGreaterThanOrEqualTo(2);
      assertThat(exit.remaining()).isZero();
      assertThat(exit.usage().wallMs()).isGreaterThanOrEqualTo(300);
    }
  }

  @Test
  void letsJobCleanUpWithinTheGrace() throws Exception {
    String script = "trap 'echo cleaned; exit 3' TERM; echo ready; while :; do sleep 0.05; done";

    try (ShimRun run = new ShimRun(root).startScript(script)) {
      run.awaitOutput("ready");
      run.stop(Stop.Reason.SHUTDOWN, Duration.ofSeconds(15));

      assertThat(run.awaitExit().ending())
          .isEqualTo(
              new Ending.Stopped(
                  "shutdown", new Ending.Leader(OptionalInt.of(3), OptionalInt.empty())));
      assertThat(run.stdout()).isEqualTo("ready\ncleaned\n");
    }
  }

  @Test
  void killsWhatIgnoresTermAfterTheGrace() throws Exception {
    String script = "trap '' TERM; echo ready; while :; do sleep 0.05; done";

    try (ShimRun run = new ShimRun(root).startScript(script)) {
      run.awaitOutput("ready");
      run.stop(Stop.Reason.SUPERSEDED, Duration.ofMillis(200));

      assertThat(run.awaitExit().ending())
          .isEqualTo(new Ending.Stopped("superseded", killedBy(SIGKILL)));
    }
  }

  @Test
  void ignoresDamagedStop() throws Exception {
    try (ShimRun run = new ShimRun(root).startScript(ShimRun.TICKER)) {
      byte[] damaged = new Stop(Stop.Reason.CANCELLED, Duration.ZERO).render();
      damaged[20] ^= 1;
      Files.write(run.directory.resolve("stop.damaged"), damaged);
      Files.move(run.directory.resolve("stop.damaged"), run.directory.resolve(Stop.FILE));

      ShimRun.eventually(() -> Files.exists(run.directory.resolve("shim.log")));
      assertThat(run.directory.resolve("shim.log"))
          .content()
          .contains("damaged, not followed: stop");
      assertThat(run.identity().job().isAlive()).isTrue();
    }
  }

  @Test
  void endsWhatOutlivesTheLeader() throws Exception {
    String script = DAEMON + "; sleep 0.3; exit 6";

    try (ShimRun run = new ShimRun(root).startScript(script)) {
      ExitRecord exit = run.awaitExit();

      assertThat(run.stdout()).isEqualTo("daemon\n");
      assertThat(exit.ending()).isEqualTo(new Ending.Exited(6));
      assertThat(exit.leftovers()).isPositive();
      assertThat(run.living()).isEmpty();
    }
  }

  @Test
  void endsJobThatRunsTooLong() throws Exception {
    ShimRun limited = new ShimRun(root).runTimeout(Duration.ofMillis(400));

    try (ShimRun run = limited.startScript(ShimRun.TICKER)) {
      ExitRecord exit = run.awaitExit();

      assertThat(exit.ending()).isEqualTo(new Ending.TimedOut("run", killedBy(SIGTERM)));
      assertThat(exit.usage().wallMs()).isGreaterThanOrEqualTo(400);
      assertThat(run.living()).isEmpty();
    }
  }

  @Test
  void endsWhatDeadShimHasLeftAndNoStranger() throws Exception {
    String nameless =
        "env -i sh -c 'trap \"\" HUP; while :; do sleep 0.1; done' & echo nameless $!";
    Process stranger =
        new ProcessBuilder("sh", "-c", "exec env HOLDFAST_RUN=run-of-somebody-else sleep 60")
            .start();

    try (ShimRun run =
        new ShimRun(root).startScript(DAEMON + "; " + nameless + "; while :; do sleep 0.1; done")) {
      run.awaitOutput("daemon");
      run.awaitOutput("nameless");
      assertThatThrownBy(() -> run.shim.end(run.directory, Duration.ZERO))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the shim of this run directory lives");
      String pid = run.stdout().replaceAll("(?s).*nameless (\\d+).*", "$1");
      ProcessIdentity withoutEnvironment = ProcessIdentity.of(Long.parseLong(pid)).orElseThrow();

      run.killShim();
      ShimRun.eventually(() -> !run.identity().job().isAlive());
      assertThat(run.living()).isNotEmpty();
      assertThat(withoutEnvironment.isAlive()).isTrue();
      Shim.Ended ended = run.shim.end(run.directory, Duration.ZERO);

      assertThat(ended.remaining()).isZero();
      assertThat(ended.ended()).isGreaterThanOrEqualTo(2);
      assertThat(run.living()).isEmpty();
      assertThat(withoutEnvironment.isAlive()).isFalse();
      assertThat(run.directory.resolve(ExitRecord.FILE)).doesNotExist();
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly().waitFor();
    }
  }

  @Test
  void recordsTheOutcomeOnFullDisk() throws Exception {
    Path disk = Files.createDirectory(root.resolve("disk"));
    assumeTrue(
        exitCodeOf("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()) == 0,
        "skipped: mounting a small tmpfs needs root");
    try {
      ShimRun small = new ShimRun(disk);
      try (ShimRun run = small.startScript("cat /dev/zero; echo $? >&2; exit 5")) {
        ExitRecord exit = run.awaitExit();

        assertThat(exit.ending()).isEqualTo(new Ending.Exited(5));
        assertThat(exit.usage().stdoutBytes()).isGreaterThan(100_000);
        assertThat(Files.getFileStore(disk).getUsableSpace()).isLessThan(4096 + 1);
      }
    } finally {
      assertThat(exitCodeOf("umount", disk.toString())).isZero();
    }
  }

  @Test
  void costsNextToNothing() throws Exception {
    ShimRun idle = new ShimRun(root).beat(Duration.ofSeconds(5));

    try (ShimRun run = idle.variable("LARGE", "x".repeat(100_000)).start("sleep", "30")) {
      Path process = Path.of("/proc", Long.toString(run.identity().shim().pid()));
      String status = Files.readString(process.resolve("status"));
      long before = contextSwitches(status);
      ShimRun.patiently().during(Duration.ofSeconds(1)).until(() -> run.identity().job().isAlive());

      assertThat(field(status, "VmRSS")).isLessThan(1000);
      assertThat(status).contains("Name:\tholdfast-shim\n");
      assertThat(contextSwitches(Files.readString(process.resolve("status"))) - before)
          .as("times it woke in a second without a beat")
          .isLessThan(5);
    }
  }

  private static long contextSwitches(String status) {
    return field(status, "voluntary_ctxt_switches");
  }

  private static long field(String status, String name) {
    return Long.parseLong(status.replaceAll("(?s).*\n" + name + ":\\s+(\\d+).*", "$1"));
  }

  private static int exitCodeOf(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  private static Ending.Leader killedBy(int signal) {
    return new Ending.Leader(OptionalInt.empty(), OptionalInt.of(signal));
  }
}
