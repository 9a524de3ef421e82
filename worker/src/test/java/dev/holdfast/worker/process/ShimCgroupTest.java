package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.worker.cgroup.TestCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a cgroup the shim freezes, finds, ends and counts by it. */
class ShimCgroupTest {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofMinutes(1);

  /** Leaves parent, session, process group and environment behind, and ignores TERM. */
  private static final String FUGITIVE =
      "(setsid env -i sh -c 'trap \"\" TERM HUP; echo fugitive $$; while :; do sleep 0.1; done' &)";

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void freezesAndThawsWithoutASignalThatTheJobCouldSee(int version) throws Exception {
    String script = "trap 'echo woken' CONT; " + FUGITIVE + "; " + ShimRun.TICKER;

    try (TestCgroup cgroup = TestCgroup.ofVersion(version);
        ShimRun run = new ShimRun(root).within(cgroup.make("a")).lease(SHORT)) {
      run.startScript(script);
      run.awaitState(Beat.State.FROZEN);
      ShimRun.eventually(() -> frozen(members(cgroup)));
      assertThat(members(cgroup)).hasSizeGreaterThanOrEqualTo(2);
      assertThat(status(run.identity().job().pid())).doesNotContain("T (stopped)");

      String before = run.stdout();
      ShimRun.patiently().during(SHORT).until(() -> run.stdout().equals(before));
      run.renew(LONG);
      ShimRun.eventually(() -> run.stdout().length() > before.length() + 50);

      assertThat(run.stdout()).doesNotContain("woken");
      assertThat(run.beatNow().state()).isEqualTo(Beat.State.RUNNING);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void provesThatNothingIsLeftAndCountsWhatHadToBeKilled(int version) throws Exception {
    try (TestCgroup cgroup = TestCgroup.ofVersion(version);
        ShimRun run = new ShimRun(root).within(cgroup.make("a"))) {
      run.startScript("trap '' TERM; " + FUGITIVE + "; while :; do sleep 0.1; done");
      run.awaitOutput("fugitive");
      run.stop(Stop.Reason.CANCELLED, Duration.ofMillis(200));

      ExitRecord exit = run.awaitExit();

      assertThat(members(cgroup)).isEmpty();
      assertThat(exit.killed()).isGreaterThanOrEqualTo(2);
      assertThat(exit.remaining()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void killsFrozenJobWithoutWakingItWhenSuperseded(int version) throws Exception {
    String script = "trap 'echo woke; exit' TERM; echo ready; while :; do sleep 0.05; done";

    try (TestCgroup cgroup = TestCgroup.ofVersion(version);
        ShimRun run = new ShimRun(root).within(cgroup.make("a")).lease(SHORT)) {
      run.startScript(script);
      run.awaitState(Beat.State.FROZEN);
      ShimRun.eventually(() -> frozen(members(cgroup)));
      run.stop(Stop.Reason.SUPERSEDED, LONG);

      assertThat(run.awaitExit().ending())
          .isEqualTo(
              new Ending.Stopped(
                  "superseded", new Ending.Leader(OptionalInt.empty(), OptionalInt.of(9))));
      assertThat(run.stdout()).isEqualTo("ready\n");
      assertThat(members(cgroup)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void letsFrozenJobCleanUpWhenCancelled(int version) throws Exception {
    String script = "trap 'echo woke; exit 0' TERM; echo ready; while :; do sleep 0.05; done";

    try (TestCgroup cgroup = TestCgroup.ofVersion(version);
        ShimRun run = new ShimRun(root).within(cgroup.make("a")).lease(SHORT)) {
      run.startScript(script);
      run.awaitState(Beat.State.FROZEN);
      run.stop(Stop.Reason.CANCELLED, Duration.ofSeconds(15));

      assertThat(run.awaitExit().ending()).isInstanceOf(Ending.Stopped.class);
      assertThat(run.stdout()).isEqualTo("ready\nwoke\n");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void endsWhatAJobForksFasterThanItCanBeListed(int version) throws Exception {
    String bomb =
        "trap '' TERM; echo go; while :; do (setsid env -i sh -c 'trap \"\" TERM; sleep 30; :' &);"
            + " done";

    try (TestCgroup cgroup = TestCgroup.ofVersion(version);
        ShimRun run = new ShimRun(root).within(cgroup.make("a"))) {
      run.startScript(bomb);
      run.awaitOutput("go");
      ShimRun.eventually(() -> members(cgroup).size() > 20);
      run.stop(Stop.Reason.CANCELLED, Duration.ZERO);

      ExitRecord exit = run.awaitExit();

      assertThat(exit.remaining()).isZero();
      assertThat(exit.killed()).isGreaterThanOrEqualTo(20);
      assertThat(members(cgroup)).isEmpty();
    }
  }

  /** The shim dies, its leader with it; nothing but the cgroup names the fugitive any more. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void endsByTheCgroupWhatNothingElseRecognises(int version) throws Exception {
    try (TestCgroup cgroup = TestCgroup.ofVersion(version);
        ShimRun run = new ShimRun(root).within(cgroup.make("a"))) {
      run.startScript(FUGITIVE + "; while :; do sleep 0.1; done");
      run.awaitOutput("fugitive");
      ProcessIdentity fugitive = fugitive(run);
      run.killShim();
      ShimRun.eventually(() -> !run.identity().job().isAlive());
      assertThat(fugitive.isAlive()).isTrue();

      Shim.Ended ended = run.shim.end(run.directory, Duration.ZERO);

      assertThat(ended.remaining()).isZero();
      assertThat(ended.ended()).isPositive();
      assertThat(fugitive.isAlive()).isFalse();
      assertThat(members(cgroup)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void endsWhatWasFrozenWhenItsShimDied(int version) throws Exception {
    try (TestCgroup cgroup = TestCgroup.ofVersion(version);
        ShimRun run = new ShimRun(root).within(cgroup.make("a")).lease(SHORT)) {
      run.startScript(FUGITIVE + "; while :; do sleep 0.1; done");
      run.awaitState(Beat.State.FROZEN);
      ShimRun.eventually(() -> frozen(members(cgroup)));
      ProcessIdentity fugitive = fugitive(run);
      run.killShim();
      assertThat(fugitive.isAlive()).isTrue();

      assertThat(run.shim.end(run.directory, Duration.ZERO).remaining()).isZero();

      assertThat(fugitive.isAlive()).isFalse();
      assertThat(members(cgroup)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void endsAnOrphanedCgroup(int version) throws Exception {
    try (TestCgroup cgroup = TestCgroup.ofVersion(version)) {
      Path directory = cgroup.make("orphan").cgroups().getFirst();
      Process process = new ProcessBuilder("sleep", "100").start();
      Files.writeString(directory.resolve("cgroup.procs"), Long.toString(process.pid()));

      Shim.Ended ended = new ShimRun(root).shim.endCgroup(List.of(directory));

      assertThat(ended).isEqualTo(new Shim.Ended(1, 0));
      assertThat(process.waitFor()).isEqualTo(128 + 9);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void recordsWhatAllProcessesUsedAlsoThoseThatNobodyWaitedFor(int version) throws Exception {
    String busy =
        "i=0; while [ \\$i -lt 150000 ]; do i=\\$((i+1)); done; dd if=/dev/zero of=%s bs=1M count=8 oflag=direct 2>/dev/null; echo done; sleep 100"
            .formatted(root.resolve("written"));

    try (TestCgroup cgroup = TestCgroup.ofVersion(version);
        ShimRun run = new ShimRun(root).within(cgroup.make("a"))) {
      run.startScript("(sh -c \"" + busy + "\" &); sleep 100");
      run.awaitOutput("done");
      run.stop(Stop.Reason.CANCELLED, Duration.ZERO);

      Usage usage = run.awaitExit().usage();

      assertThat(usage.cpuMs()).isBetween(20L, 60_000L);
      assertThat(usage.peakBytes()).isGreaterThan(100_000);
      if (version == 1 && cgroup.has("memory")) {
        assertThat(usage.peakBytes()).isNotEqualTo(usage.maxrssKb() * 1024);
      }
      assertThat(usage.writtenBytes()).isLessThan(1L << 40);
      assumeTrue(
          Files.getFileStore(root).type().startsWith("ext"),
          "skipped: bytes written are counted where the file system is on a disk");
      assertThat(usage.writtenBytes()).isGreaterThanOrEqualTo(8L << 20);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void refusesToStartOutsideOfACgroupThatIsGone(int version) throws Exception {
    try (TestCgroup cgroup = TestCgroup.ofVersion(version)) {
      Launch.Confinement gone =
          new Launch.Confinement(
              List.of(Path.of(cgroup.setting()).resolve("no-such-cgroup")), 0, 0);
      ShimRun run = new ShimRun(root).within(gone).prepare("echo", "ran");

      assertThat(run.shim.start(run.directory)).isInstanceOf(Shim.Start.Refused.class);
      assertThat(run.directory.resolve(Identity.FILE)).doesNotExist();
    }
  }

  private static ProcessIdentity fugitive(ShimRun run) throws IOException {
    String pid = run.stdout().replaceAll("(?s).*fugitive (\\d+).*", "$1");
    return ProcessIdentity.of(Long.parseLong(pid)).orElseThrow();
  }

  private static List<Long> members(TestCgroup cgroup) throws IOException {
    Path procs = cgroup.all().getFirst().resolve("cgroup.procs");
    return Files.readString(procs, UTF_8).lines().map(Long::parseLong).toList();
  }

  /**
   * None of them runs, and none of them is stopped by a signal: its processor time stands still.
   */
  private static boolean frozen(List<Long> pids) throws IOException {
    return !pids.isEmpty() && ticks(pids).equals(ticksAfterAWhile(pids));
  }

  private static List<String> ticksAfterAWhile(List<Long> pids) throws IOException {
    for (int i = 0; i < 5; i++) {
      ticks(pids);
    }
    return ticks(pids);
  }

  private static List<String> ticks(List<Long> pids) throws IOException {
    return pids.stream().map(ShimCgroupTest::switches).toList();
  }

  private static String switches(long pid) {
    String status = status(pid);
    return status.replaceAll("(?s).*(voluntary_ctxt_switches:\\s+\\d+).*", "$1");
  }

  private static String status(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "status"), UTF_8);
    } catch (IOException gone) {
      return "";
    }
  }
}
