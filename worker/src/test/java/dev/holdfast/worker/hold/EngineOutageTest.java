package dev.holdfast.worker.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.ContainerSpec.OnEngineLoss;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.worker.container.PrivateEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real daemon is killed, restarted and stopped under running attempts. */
class EngineOutageTest {
  private static final AtomicInteger RESTARTS = new AtomicInteger();
  private static final Map<String, AtomicInteger> COUNTS =
      Map.of(
          "adopted", new AtomicInteger(),
          "ended", new AtomicInteger(),
          "lost", new AtomicInteger(),
          "started again", new AtomicInteger());
  private static PrivateEngine engine;
  @TempDir Path data;
  private final InMemoryCell cell = new InMemoryCell();
  private TestWorker worker;

  @BeforeAll
  static void startEngine() throws Exception {
    engine = PrivateEngine.start();
  }

  @AfterAll
  static void stopEngine() throws Exception {
    if (engine != null) {
      System.out.printf(
          "containers over %d restarts of their daemon: %s%n",
          RESTARTS.get(), new TreeMap<>(COUNTS));
      engine.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    worker = new TestWorker(data, cell, TestWorker.Setup.QUICK.with(engine.address()));
    awaitContainers(true);
  }

  private void awaitContainers(boolean offered) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          List<Presence> presences = cell.presences;
          return !presences.isEmpty()
              && presences.getLast().slots() > 0
              && presences.getLast().containers() == offered;
        });
  }

  @AfterEach
  void stop() {
    count();
    worker.close();
    cell.close();
    engine.removeContainers();
  }

  /** What became of the test's attempts, those on the host aside. */
  private void count() {
    for (WorkerReport report : cell.reports) {
      switch (report) {
        case WorkerReport.Adopted adopted when adopted.evidence().contains("restart") ->
            COUNTS.get("started again").incrementAndGet();
        case WorkerReport.Adopted _ -> COUNTS.get("adopted").incrementAndGet();
        case WorkerReport.Ended ended when ended.job().value().equals("job-1") ->
            COUNTS.get("ended").incrementAndGet();
        case WorkerReport.Lost _ -> COUNTS.get("lost").incrementAndGet();
        default -> {}
      }
    }
  }

  private static void runAgain(boolean liveRestore) throws Exception {
    engine.run(liveRestore);
    RESTARTS.incrementAndGet();
  }

  private static JobSpec job(OnEngineLoss policy, String script) {
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
        new ContainerSpec(PrivateEngine.IMAGE, "none", null, null, null, policy, null),
        null,
        null,
        null,
        null);
  }

  private String stdout(Order.Assigned assigned) {
    return new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8);
  }

  private void awaitOutput(Order.Assigned assigned, String expected) {
    await().atMost(Duration.ofSeconds(30)).until(() -> stdout(assigned).equals(expected));
  }

  private <T extends WorkerReport> T report(Class<T> type) {
    await().atMost(Duration.ofSeconds(40)).until(() -> !cell.reports(type).isEmpty());
    return cell.reports(type).getFirst();
  }

  @Test
  void aContainerLivesThroughADaemonWithLiveRestore() throws Exception {
    restart(true);
    var assigned =
        worker.assign(
            "job-1", job(null, "for i in 1 2 3 4 5 6; do echo $i; sleep 0.5; done; exit 9"));
    awaitOutput(assigned, "1\n");

    engine.kill();
    awaitContainers(false);
    runAgain(true);

    assertThat(report(WorkerReport.Ended.class).outcome()).isEqualTo(new Outcome.Exited(9));
    assertThat(stdout(assigned)).isEqualTo("1\n2\n3\n4\n5\n6\n");
    assertThat(cell.reports(WorkerReport.Lost.class)).isEmpty();
    awaitNoContainer();
    restart(false);
  }

  /** While its worker is there: no other test's removes it. */
  private static void awaitNoContainer() {
    await().atMost(Duration.ofSeconds(20)).until(() -> engine.onlyContainer().isEmpty());
  }

  private void restart(boolean liveRestore) throws Exception {
    engine.kill();
    awaitContainers(false);
    runAgain(liveRestore);
    awaitContainers(true);
  }

  @Test
  void whatEndsWhileDaemonAndWorkerAreAwayKeepsItsOutputAndExitCode() throws Exception {
    var assigned = worker.assign("job-1", job(null, "echo up; sleep 1; echo down; exit 3"));
    awaitOutput(assigned, "up\n");

    engine.kill();
    worker.abandon();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> worker.directory(assigned).resolve("exit").toFile().exists());
    worker = new TestWorker(data, cell, TestWorker.Setup.QUICK.with(engine.address()));

    assertThat(report(WorkerReport.Ended.class).outcome()).isEqualTo(new Outcome.Exited(3));
    assertThat(stdout(assigned)).isEqualTo("up\ndown\n");
    runAgain(false);
    awaitNoContainer();
  }

  @Test
  void aContainerThatDiedWithItsDaemonIsLostAtOnce() throws Exception {
    var assigned = worker.assign("job-1", job(null, "echo up; exec sleep 1000"));
    awaitOutput(assigned, "up\n");

    engine.kill();
    awaitContainers(false);
    assertThat(cell.reports(WorkerReport.Lost.class)).as("its container lives").isEmpty();
    runAgain(false);

    assertThat(report(WorkerReport.Lost.class).evidence())
        .contains(
            "gone without an exit record", "holdfast-test-" + worker.home.uniqueName() + "-job-1");
    await().atMost(Duration.ofSeconds(20)).until(() -> worker.desk.held() == 0);
    awaitNoContainer();
  }

  @Test
  void aContainerThatDiedWithItsDaemonIsStartedAgainIfTheJobAsksForIt() throws Exception {
    var assigned =
        worker.assign(
            "job-1",
            job(
                OnEngineLoss.RESTART,
                """
                echo run >> runs; n=$(grep -c run runs); echo start $n
                [ $n = 1 ] && exec sleep 1000
                exit 6
                """));
    awaitOutput(assigned, "start 1\n");

    engine.kill();
    awaitContainers(false);
    runAgain(false);

    assertThat(report(WorkerReport.Ended.class).outcome()).isEqualTo(new Outcome.Exited(6));
    assertThat(stdout(assigned)).isEqualTo("start 1\nstart 2\n");
    assertThat(report(WorkerReport.Adopted.class).evidence()).contains("restart 1");
    assertThat(cell.reports(WorkerReport.Lost.class)).isEmpty();
    assertThat(cell.reports(WorkerReport.Ended.class).getFirst().token())
        .isEqualTo(assigned.token());
    awaitNoContainer();
  }

  @Test
  void onlyContainerJobsWaitForADaemonThatIsAway() throws Exception {
    Instant killedAt = Instant.now();
    engine.kill();
    awaitContainers(false);

    assertThat(cell.presences.getLast().unavailable())
        .singleElement()
        .satisfies(docker -> {
          assertThat(docker.what()).isEqualTo("docker");
          assertThat(docker.reason()).isNotBlank();
          assertThat(docker.since()).isBetween(killedAt, Instant.now());
        });
    worker.assign("job-1", job(null, "true"));
    assertThat(report(WorkerReport.Released.class).why()).contains("docker has been unavailable");
    worker.assign("job-2", TestWorker.shell("exit 4"));
    assertThat(report(WorkerReport.Ended.class).outcome()).isEqualTo(new Outcome.Exited(4));

    runAgain(false);
    awaitContainers(true);
    assertThat(cell.presences.getLast().unavailable()).isEmpty();
  }

  @Test
  void aDaemonThatHangsHoldsUpNothingElse() throws Exception {
    var inContainer = worker.assign("job-1", job(null, "echo up; sleep 3; exit 8"));
    awaitOutput(inContainer, "up\n");

    engine.freeze();
    try {
      worker.assign("job-2", TestWorker.shell("exit 4"));
      assertThat(report(WorkerReport.Ended.class).outcome()).isEqualTo(new Outcome.Exited(4));
      awaitContainers(false);
      assertThat(cell.presences.getLast().unavailable().getFirst().reason()).contains("no answer");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              cell.reports(WorkerReport.Ended.class).stream()
                  .anyMatch(ended -> ended.outcome().equals(new Outcome.Exited(8))));
    } finally {
      engine.thaw();
    }

    awaitContainers(true);
    awaitNoContainer();
  }
}
