package dev.holdfast.worker.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.cgroup.TestCgroup;
import dev.holdfast.worker.container.PrivateEngine;
import dev.holdfast.worker.process.Beat;
import dev.holdfast.worker.process.Reading;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that burns every processor makes neither its worker's nor its shim's beat late. */
class CrowdedMachineTest {
  private static final Duration HEARTBEAT = Duration.ofMillis(500);
  private static final Duration STALE_AFTER = Duration.ofSeconds(6);
  private static final int BEATS = 12;

  @TempDir Path data;
  private final InMemoryCell cell = new InMemoryCell();
  private final List<TestCgroup> cgroups = new ArrayList<>();
  private TestWorker worker;

  private void start(String where) throws Exception {
    start(TestWorker.Setup.QUICK.withCgroups(where));
  }

  private void start(TestWorker.Setup setup) throws Exception {
    worker = new TestWorker(data, cell, setup.with(new Liveness(HEARTBEAT, STALE_AFTER)));
    await().until(() -> !cell.presences.isEmpty() && cell.presences.getLast().slots() > 0);
  }

  @AfterEach
  void stop() throws Exception {
    worker.close();
    for (TestCgroup cgroup : cgroups) {
      cgroup.clear(worker.shim);
      cgroup.close();
    }
    cell.close();
  }

  @Test
  void beatsInTimeWithCgroups() throws Exception {
    TestCgroup cgroup = TestCgroup.ofVersion(1);
    cgroups.add(cgroup);
    start(cgroup.setting());
    beatsInTime();
  }

  @Test
  void beatsInTimeByNicenessAlone() throws Exception {
    start("off");
    beatsInTime();
  }

  @Test
  void beatsInTimeBesideAContainer() throws Exception {
    try (PrivateEngine engine = PrivateEngine.start()) {
      start(TestWorker.Setup.QUICK.with(engine.address()));
      await().until(() -> cell.presences.getLast().containers());
      beatsInTime(CrowdedMachineTest::inContainer);
      await().atMost(Duration.ofSeconds(30)).until(() -> worker.desk.held() == 0);
    }
  }

  private static JobSpec inContainer(String script) {
    return new JobSpec(
        List.of("sh", "-c", script),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new ContainerSpec(PrivateEngine.IMAGE, "none", null, null, null, null, null),
        null,
        null,
        null,
        null);
  }

  @Test
  void makesJobsStepBackWhereThereIsNoCgroup() throws Exception {
    start("off");

    var assigned = worker.assign("job-1", TestWorker.shell("cat /proc/self/oom_score_adj; nice"));

    await().until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    assertThat(cell.output(assigned.job(), OutputStreamName.STDOUT))
        .asString()
        .isEqualTo("500\n10\n");
  }

  /**
   * Against many sessions, each with a claim of its own: a busy thread of the worker gets many
   * times what one of the job's loops gets, where without a weight it would get as much.
   */
  @Test
  void keepsProcessorsForItself() throws Exception {
    TestCgroup cgroup = TestCgroup.ofVersion(1);
    cgroups.add(cgroup);
    assumeTrue(
        cgroup.has("cpu") && cgroup.has("cpuacct"), "skipped: cpu or cpuacct is not mounted");
    start(cgroup.setting());
    int loops = 20 * Runtime.getRuntime().availableProcessors();
    String burn =
        "i=0; while [ $i -lt %d ]; do setsid sh -c 'while :; do :; done' & i=$((i+1)); done; echo"
            + " all; wait";
    Order.Assigned assigned = worker.assign("job-1", TestWorker.shell(burn.formatted(loops)));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> cell.output(assigned.job(), OutputStreamName.STDOUT).length > 0);
    Path used = cgroup.file("cpuacct", worker.home.uniqueName(), assigned, "cpuacct.usage");

    assertThat(cgroup.jobs("cpu").resolve("cpu.shares")).content().isEqualTo("204\n");

    long jobBefore = Long.parseLong(Files.readString(used).strip());
    long oneSecond = System.nanoTime() + 1_000_000_000;
    long ownBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    while (System.nanoTime() < oneSecond) {
      Thread.onSpinWait();
    }
    long own = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - ownBefore;
    long job = Long.parseLong(Files.readString(used).strip()) - jobBefore;

    assertThat(own).as("of a second; all loops had %d ns", job).isGreaterThan(3 * job / loops);
    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
  }

  private void beatsInTime() throws Exception {
    beatsInTime(TestWorker::shell);
  }

  private void beatsInTime(Function<String, JobSpec> job) throws Exception {
    int loops = 20 * Runtime.getRuntime().availableProcessors();
    String burn = "i=0; while [ $i -lt %d ]; do (while :; do :; done) & i=$((i+1)); done; wait";
    Order.Assigned assigned =
        worker.assign("job-1", job.apply("echo $$; " + burn.formatted(loops)));
    Path beat = worker.directory(assigned).resolve(Beat.FILE);
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(beat));

    List<Long> shimBeats = new ArrayList<>();
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(HEARTBEAT.multipliedBy(BEATS * 6))
        .until(() -> {
          see(beat, shimBeats);
          return cell.beatTimes.size() >= BEATS && shimBeats.size() >= BEATS;
        });
    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));

    // The shim beats every 1/24 of stale-after; the slack of a lease is as long again.
    Duration shimInterval = STALE_AFTER.dividedBy(24);
    assertThat(late(shimBeats, shimInterval.multipliedBy(3)))
        .as("beats of the shim, %s", shimBeats)
        .isLessThanOrEqualTo(shimBeats.size() / 5);
    assertThat(late(List.copyOf(cell.beatTimes), HEARTBEAT.multipliedBy(2)))
        .as("heartbeats of the worker, %s", cell.beatTimes)
        .isLessThanOrEqualTo(cell.beatTimes.size() / 5);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    WorkerReport.Ended ended = cell.reports(WorkerReport.Ended.class).getFirst();
    assertThat(ended.outcome()).isInstanceOf(Outcome.Cancelled.class);
    assertThat(ended.usage())
        .satisfies(usage -> {
          assertThat(usage.cpuMs()).as("it did burn").isGreaterThan(100);
          assertThat(usage.frozenMs()).as("its lease never lapsed").isZero();
        });
  }

  private static void see(Path beat, List<Long> times) throws IOException {
    Reading.of(beat, Beat::parse)
        .whole()
        .map(Beat::boottimeMs)
        .filter(at -> times.isEmpty() || times.getLast() < at)
        .ifPresent(times::add);
  }

  private static long late(List<Long> times, Duration longest) {
    return IntStream.range(1, times.size())
        .filter(i -> times.get(i) - times.get(i - 1) > longest.toMillis())
        .count();
  }
}
