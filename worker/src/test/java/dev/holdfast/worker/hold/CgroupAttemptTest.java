package dev.holdfast.worker.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Usage;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.ResourceLimits;
import dev.holdfast.worker.cgroup.TestCgroup;
import dev.holdfast.worker.process.ProcessIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole attempts in real cgroups: limits, usage, and what becomes of the directories. */
class CgroupAttemptTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path data;
  private final InMemoryCell cell = new InMemoryCell();
  private TestCgroup cgroup;
  private TestWorker worker;

  private void start(int version) throws Exception {
    cgroup = cgroup == null ? TestCgroup.ofVersion(version) : cgroup;
    worker = new TestWorker(data, cell, TestWorker.Setup.QUICK.withCgroups(cgroup.setting()));
    long incarnation = worker.home.incarnation();
    await()
        .until(() ->
            cell.presences.stream()
                .anyMatch(
                    presence -> presence.incarnation() == incarnation && presence.slots() > 0));
  }

  @AfterEach
  void stop() throws Exception {
    if (worker != null) {
      worker.close();
      cgroup.clear(worker.shim);
      cgroup.close();
    }
    cell.close();
  }

  private WorkerReport.Ended ended() {
    await().atMost(PATIENCE).until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    return cell.reports(WorkerReport.Ended.class).getFirst();
  }

  private String stdout(Order.Assigned assigned) {
    return new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8);
  }

  private Path cgroupOf(Order.Assigned assigned) {
    return Path.of(cgroup.setting(), "holdfast", worker.home.uniqueName())
        .resolve(assigned.token() + "-" + assigned.job());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void runsInACgroupOfItsOwnThatGoesWithTheAttempt(int version) throws Exception {
    start(version);
    var assigned = worker.assign("job-1", TestWorker.shell("cat /proc/self/cgroup; sleep 0.5"));
    await().until(() -> Files.isDirectory(cgroupOf(assigned)));

    ended();

    assertThat(stdout(assigned).lines())
        .anyMatch(line -> line.endsWith("/" + cgroupOf(assigned).getFileName()));
    await().atMost(PATIENCE).until(() -> worker.desk.held() == 0);
    assertThat(cgroupOf(assigned)).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void enforcesTheLimitOfMemory(int version) throws Exception {
    start(version);
    assumeTrue(cgroup.has("memory"), "skipped: this hierarchy has no memory controller");
    worker.assign(
        "job-1",
        TestWorker.limited(
            "head -c 200000000 /dev/zero | tail -c 150000000 >/dev/null; echo $?",
            new ResourceLimits(null, 48L << 20, null)));

    var ended = ended();

    assertThat(
            stdout(
                new Order.Assigned(
                    worker.home.id(),
                    1,
                    1,
                    ended.job(),
                    1,
                    ended.token(),
                    TestWorker.shell("true"))))
        .isEqualTo("137\n");
    assertThat(Objects.requireNonNull(ended.usage()).peakMemoryBytes())
        .isBetween(20L << 20, 48L << 20);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void enforcesTheLimitOfProcesses(int version) throws Exception {
    start(version);
    assumeTrue(cgroup.has("pids"), "skipped: this hierarchy has no pids controller");
    var assigned =
        worker.assign(
            "job-1",
            TestWorker.limited(
                "i=0; while [ $i -lt 30 ]; do sleep 5 & i=$((i+1)); done; echo all",
                new ResourceLimits(null, null, 10)));

    assertThat(ended().outcome()).isNotEqualTo(new Outcome.Exited(0));
    assertThat(stdout(assigned)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void enforcesTheLimitOfProcessors(int version) throws Exception {
    start(version);
    assumeTrue(cgroup.has("cpu"), "skipped: this hierarchy has no cpu controller");
    worker.assign(
        "job-1",
        TestWorker.limited("(while :; do :; done) & sleep 2", new ResourceLimits(0.1, null, null)));

    Usage usage = Objects.requireNonNull(ended().usage());

    assertThat(usage.wallMs()).isGreaterThanOrEqualTo(2000);
    assertThat((double) usage.cpuMs() / usage.wallMs()).isLessThan(0.25);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void reportsWhatAnAdoptedJobUsed(int version) throws Exception {
    start(version);
    String daemon = "(setsid env -i sh -c 'trap \"\" TERM; while :; do sleep 1; done' &)";
    var assigned =
        worker.assign(
            "job-1",
            TestWorker.shell(
                daemon
                    + "; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo 12345; sleep 1;"
                    + " echo err >&2"));
    await().atMost(PATIENCE).until(() -> !stdout(assigned).isEmpty());
    worker.abandon();
    start(version);

    var ended = ended();

    assertThat(ended.outcome()).isEqualTo(new Outcome.Exited(0));
    Usage usage = Objects.requireNonNull(ended.usage());
    assertThat(usage.outputBytes()).isEqualTo(10);
    assertThat(usage.killedProcesses()).isGreaterThanOrEqualTo(1);
    assertThat(usage.wallMs()).isGreaterThanOrEqualTo(1000);
    assertThat(usage.cpuMs()).isBetween(10L, usage.wallMs() * 4);
    assertThat(usage.peakMemoryBytes()).isPositive();
    await().atMost(PATIENCE).until(() -> worker.desk.held() == 0);
    assertThat(cgroupOf(assigned)).doesNotExist();
  }

  /**
   * A process in a frozen cgroup of version 1 cannot die: it stands for one that sits in the
   * kernel.
   */
  @Test
  void saysWhatCouldNotBeEndedAndGoesOnTrying() throws Exception {
    start(1);
    var assigned =
        worker.assign("job-1", TestWorker.shell("sh -c 'echo $$; exec sleep 1000' & wait"));
    await().atMost(PATIENCE).until(() -> !stdout(assigned).isEmpty());
    Path elsewhere = Files.createDirectory(Path.of(cgroup.setting(), "elsewhere"));
    Files.writeString(elsewhere.resolve("cgroup.procs"), stdout(assigned).strip());
    Files.writeString(elsewhere.resolve("freezer.state"), "FROZEN");
    ProcessIdentity frozen =
        ProcessIdentity.of(Long.parseLong(stdout(assigned).strip())).orElseThrow();

    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());

    var ended = ended();
    assertThat(ended.outcome()).isInstanceOf(Outcome.Cancelled.class);
    assertThat(Objects.requireNonNull(ended.usage()).survivingProcesses()).isEqualTo(1);
    assertThat(Objects.requireNonNull(Objects.requireNonNull(ended.result()).changes()).note())
        .contains("1 of its processes could not be ended");
    assertThat(worker.registry.counter("holdfast.worker.processes.surviving").count()).isEqualTo(1);
    assertThat(frozen.isAlive()).isTrue();
    assertThat(worker.directory(assigned)).as("the only way to find it again").exists();

    Files.writeString(elsewhere.resolve("freezer.state"), "THAWED");

    await().atMost(PATIENCE).until(() -> worker.desk.held() == 0);
    assertThat(frozen.isAlive()).isFalse();
    assertThat(worker.directory(assigned)).doesNotExist();
  }

  /** A cgroup with a process in it, but no run directory: somebody deleted that by hand. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void sweepsAtStartWhatBelongsToNoAttempt(int version) throws Exception {
    start(version);
    var assigned = worker.assign("job-1", TestWorker.shell("echo up; exec sleep 1000"));
    await().atMost(PATIENCE).until(() -> stdout(assigned).equals("up\n"));
    Path orphan = Files.createDirectory(cgroupOf(assigned).resolveSibling("99-gone"));
    Process process = new ProcessBuilder("sleep", "1000").start();
    Files.writeString(orphan.resolve("cgroup.procs"), Long.toString(process.pid()));
    worker.abandon();

    start(version);

    await().atMost(PATIENCE).until(() -> worker.swept("cgroup") == 1);
    assertThat(orphan).doesNotExist();
    assertThat(process.isAlive()).isFalse();
    await().until(() -> !cell.reports(WorkerReport.Adopted.class).isEmpty());
    assertThat(cgroupOf(assigned).resolve("cgroup.procs")).content().isNotBlank();
    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));
    assertThat(ended().outcome()).isInstanceOf(Outcome.Cancelled.class);
  }
}
