package dev.holdfast.worker.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.worker.process.ProcessIdentity;
import dev.holdfast.worker.workspace.CollectLimits;
import dev.holdfast.worker.workspace.Collected;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import dev.holdfast.worker.workspace.SavedWork;
import dev.holdfast.worker.workspace.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker is given up as if it had been killed, and another incarnation finds what it left. */
class AdoptionTest {
  @TempDir Path data;
  private final InMemoryCell cell = new InMemoryCell();
  private TestWorker worker;

  private void start(TestWorker.Setup setup) throws Exception {
    worker = new TestWorker(data, cell, setup);
    long incarnation = worker.home.incarnation();
    await()
        .until(() ->
            cell.presences.stream()
                .anyMatch(
                    presence -> presence.incarnation() == incarnation && presence.slots() > 0));
  }

  @AfterEach
  void stop() {
    worker.close();
    cell.close();
  }

  private String stdout(Order.Assigned assigned) {
    return new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8);
  }

  private WorkerReport.Ended ended() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    return cell.reports(WorkerReport.Ended.class).getFirst();
  }

  @Test
  void adoptsALivingAttemptWithEveryByteOnceAndTheTrueExitCode() throws Exception {
    start(TestWorker.Setup.QUICK);
    var assigned =
        worker.assign(
            "job-1",
            TestWorker.shell(
                "i=0; while [ $i -lt 25 ]; do echo line $i; i=$((i+1)); sleep 0.1; done; exit 42"));
    await().until(() -> stdout(assigned).lines().count() > 5);
    String identity = Files.readString(worker.directory(assigned).resolve("identity"));

    worker.abandon();
    int published = stdout(assigned).length();
    await().until(() -> Files.size(worker.directory(assigned).resolve("stdout")) > published + 20);
    start(TestWorker.Setup.QUICK);

    await().until(() -> !cell.reports(WorkerReport.Adopted.class).isEmpty());
    assertThat(Files.readString(worker.directory(assigned).resolve("identity")))
        .isEqualTo(identity);
    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(42));
    assertThat(stdout(assigned))
        .isEqualTo(
            IntStream.range(0, 25).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining()));
    assertThat(cell.reports(WorkerReport.Adopted.class))
        .singleElement()
        .satisfies(adopted -> {
          assertThat(adopted.incarnation()).isEqualTo(2);
          assertThat(adopted.evidence()).contains("pid", "away for", "bytes");
        });
  }

  @Test
  void reportsTheOutcomeOfWhatEndedWhileNobodyWasThere() throws Exception {
    start(TestWorker.Setup.QUICK);
    var assigned = worker.assign("job-1", TestWorker.shell("sleep 0.3; echo done; exit 3"));
    await().until(() -> worker.directory(assigned).resolve("identity").toFile().exists());

    worker.abandon();
    await().until(() -> worker.directory(assigned).resolve("exit").toFile().exists());
    start(TestWorker.Setup.QUICK);

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(3));
    assertThat(stdout(assigned)).isEqualTo("done\n");
  }

  @Test
  void reportsAgainWhatWasNotAccepted() throws Exception {
    start(TestWorker.Setup.QUICK);
    cell.accepting = false;
    worker.assign("job-1", TestWorker.shell("exit 5"));
    ended();

    worker.abandon();
    cell.reports.clear();
    cell.accepting = true;
    start(TestWorker.Setup.QUICK);

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(5));
    await().until(() -> worker.desk.held() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SUPERSEDED", "UNKNOWN"})
  void endsAndRemovesWhatIsNotItsOwnAnyMore(Order.Standing verdict) throws Exception {
    start(TestWorker.Setup.QUICK);
    var assigned = worker.assign("job-1", TestWorker.shell("echo $$; exec sleep 1000"));
    await().until(() -> !stdout(assigned).isEmpty());
    long pid = Long.parseLong(stdout(assigned).strip());

    worker.abandon();
    cell.standings.put(new HeldAttempt(assigned.job(), assigned.token()), verdict);
    start(TestWorker.Setup.QUICK);

    await().until(() -> worker.desk.held() == 0);
    assertThat(ProcessIdentity.of(pid)).isEmpty();
    assertThat(worker.directory(assigned)).doesNotExist();
    assertThat(cell.reports(WorkerReport.Ended.class)).isEmpty();
    if (verdict == Order.Standing.UNKNOWN) {
      assertThat(cell.reports(WorkerReport.WorkerStarted.class))
          .filteredOn(started -> started.incarnation() == 2)
          .hasSizeGreaterThanOrEqualTo(2);
      assertThat(worker.registry.counter("holdfast.worker.attempts.orphaned").count()).isEqualTo(1);
    }
  }

  @Test
  void cancelsWhatWasCancelledMeanwhile() throws Exception {
    start(TestWorker.Setup.QUICK);
    var assigned = worker.assign("job-1", TestWorker.shell("echo $$; exec sleep 1000"));
    await().until(() -> !stdout(assigned).isEmpty());

    worker.abandon();
    cell.standings.put(
        new HeldAttempt(assigned.job(), assigned.token()), Order.Standing.CANCELLING);
    start(TestWorker.Setup.QUICK);

    assertThat(ended().outcome()).isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void touchesNothingBeforeTheCoordinatorHasAnswered() throws Exception {
    start(TestWorker.Setup.QUICK);
    var assigned = worker.assign("job-1", TestWorker.shell("sleep 0.2; exit 9"));
    await().until(() -> worker.directory(assigned).resolve("identity").toFile().exists());
    worker.abandon();
    cell.answeringHandshakes = false;
    cell.reports.clear();

    worker = new TestWorker(data, cell, TestWorker.Setup.QUICK);
    await().until(() -> cell.reports(WorkerReport.WorkerStarted.class).size() >= 2);
    await().until(() -> worker.directory(assigned).resolve("exit").toFile().exists());

    assertThat(cell.reports(WorkerReport.Ended.class)).isEmpty();
    assertThat(cell.presences.getLast().slots()).isZero();

    cell.answeringHandshakes = true;
    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(9));
  }

  @Test
  void reportsLostAtOnceAfterARestartOfTheMachine() throws Exception {
    start(TestWorker.Setup.QUICK);
    var assigned = worker.assign("job-1", TestWorker.shell("echo $$; exec sleep 1000"));
    await().until(() -> !stdout(assigned).isEmpty());
    worker.abandon();
    long pid = Long.parseLong(stdout(assigned).strip());
    forgeBootId(worker.directory(assigned));
    start(TestWorker.Setup.QUICK);

    await().until(() -> !cell.reports(WorkerReport.Lost.class).isEmpty());

    assertThat(cell.reports(WorkerReport.Lost.class).getFirst().evidence()).contains("restarted");
    assertThat(ProcessIdentity.of(pid)).as("a process of this boot is not ours").isPresent();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** None waits for another, and the worker takes new work meanwhile. */
  @Test
  void reportsAllOfItsAttemptsLostAtOnceAfterARestartOfTheMachine() throws Exception {
    start(TestWorker.Setup.QUICK);
    var assigned =
        IntStream.rangeClosed(1, 4)
            .mapToObj(i -> worker.assign("job-" + i, TestWorker.shell("echo $$; exec sleep 1000")))
            .toList();
    await().until(() -> assigned.stream().noneMatch(job -> stdout(job).isEmpty()));
    worker.abandon();
    List<Long> pids = assigned.stream().map(job -> Long.parseLong(stdout(job).strip())).toList();
    for (Order.Assigned job : assigned) {
      forgeBootId(worker.directory(job));
    }
    long begunNs = System.nanoTime();
    start(TestWorker.Setup.QUICK);

    await().until(() -> cell.reports(WorkerReport.Lost.class).size() >= assigned.size());

    assertThat(Duration.ofNanos(System.nanoTime() - begunNs))
        .as("far from stale")
        .isLessThan(TestWorker.Setup.QUICK.liveness().staleAfter());
    assertThat(cell.reports(WorkerReport.Lost.class))
        .extracting(lost -> new HeldAttempt(lost.job(), lost.token()))
        .containsExactlyInAnyOrderElementsOf(
            assigned.stream().map(job -> new HeldAttempt(job.job(), job.token())).toList());
    assertThat(cell.reports(WorkerReport.Lost.class))
        .allSatisfy(lost -> assertThat(lost.evidence()).contains("restarted"));
    await().until(() -> worker.desk.held() == 0);
    pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  /** As if everything in the directory had been written before the machine was restarted. */
  private static void forgeBootId(Path directory) throws IOException {
    String here = dev.holdfast.worker.process.BootClock.bootId();
    String other = "00000000-0000-0000-0000-000000000000";
    for (String name : List.of("identity", "run.json")) {
      Path file = directory.resolve(name);
      String text = Files.readString(file).replace(here, other);
      int covered =
          name.equals("identity") ? text.indexOf(" crc32=") : text.lastIndexOf("\ncrc32=");
      var crc = new java.util.zip.CRC32();
      crc.update(text.substring(0, covered).getBytes(UTF_8));
      Files.writeString(
          file,
          text.substring(0, covered + " crc32=".length()) + "%08x\n".formatted(crc.getValue()));
    }
  }

  @Test
  void reportsLostWhenTheExitRecordIsDamaged() throws Exception {
    start(TestWorker.Setup.QUICK);
    var assigned = worker.assign("job-1", TestWorker.shell("exit 0"));
    cell.accepting = false;
    await().until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    worker.abandon();
    cell.reports.clear();
    Files.delete(worker.directory(assigned).resolve("result.json"));
    Path exit = worker.directory(assigned).resolve("exit");
    Files.writeString(exit, Files.readString(exit).replace("code=0", "code=1"));

    start(TestWorker.Setup.QUICK);

    await().until(() -> !cell.reports(WorkerReport.Lost.class).isEmpty());
    assertThat(cell.reports(WorkerReport.Lost.class).getFirst().evidence())
        .contains("exit record is damaged");
    assertThat(cell.reports(WorkerReport.Ended.class)).isEmpty();
    cell.accepting = true;
    await().until(() -> worker.desk.held() == 0);
  }

  @Test
  void setsADamagedRunDirectoryAside() throws Exception {
    start(TestWorker.Setup.QUICK);
    cell.accepting = false;
    var assigned = worker.assign("job-1", TestWorker.shell("exit 0"));
    ended();
    worker.abandon();
    Path facts = worker.directory(assigned).resolve("run.json");
    Files.writeString(facts, Files.readString(facts).replace("job-1", "job-2"));

    start(TestWorker.Setup.QUICK);

    assertThat(worker.found.damaged()).hasSize(1);
    assertThat(worker.found.damaged().getFirst()).exists();
    assertThat(worker.directory(assigned)).doesNotExist();
    assertThat(cell.reports(WorkerReport.WorkerStarted.class).getLast().held()).isEmpty();
  }

  @Test
  void endsWhatRunsInADamagedDirectoryBeforeItIsGivenAway() throws Exception {
    start(TestWorker.Setup.QUICK);
    var assigned = worker.assign("job-1", TestWorker.shell("echo $$; exec sleep 1000"));
    await().until(() -> !stdout(assigned).isEmpty());
    long pid = Long.parseLong(stdout(assigned).strip());
    worker.abandon();
    Files.writeString(worker.directory(assigned).resolve("run.json"), "{");
    cell.reports.clear();

    worker = new TestWorker(data, cell, TestWorker.Setup.QUICK);

    await().until(() -> !cell.reports(WorkerReport.WorkerStarted.class).isEmpty());
    assertThat(ProcessIdentity.of(pid)).isEmpty();
    assertThat(cell.reports(WorkerReport.WorkerStarted.class).getFirst().held()).isEmpty();
  }

  @Test
  void goesOnPreparingWhatWasNotLaunched() throws Exception {
    var stuck = new StuckWorkspaces();
    start(TestWorker.Setup.QUICK.with(stuck));
    var assigned = worker.assign("job-1", withRepository());
    await().until(() -> stuck.entered.getCount() == 0);
    worker.abandon();

    start(TestWorker.Setup.QUICK.with(new EmptyWorkspaces()));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(ended().token()).isEqualTo(assigned.token());
  }

  @Test
  void cancelsWhileTheWorkspaceIsBeingMade() throws Exception {
    var stuck = new StuckWorkspaces();
    start(TestWorker.Setup.QUICK.with(stuck));
    var assigned = worker.assign("job-1", withRepository());
    await().until(() -> stuck.entered.getCount() == 0);

    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Cancelled(0));
    assertThat(worker.directory(assigned).resolve("identity")).doesNotExist();
  }

  private static JobSpec withRepository() {
    return new JobSpec(
        List.of("true"), null, new RepositoryRef("/nowhere", null), null, null, null, null, null);
  }

  /** Makes workspaces that are empty. */
  private static class EmptyWorkspaces implements Workspaces {
    @Override
    public PreparedWorkspace prepare(
        Path directory,
        dev.holdfast.worker.workspace.RepositoryRef repository,
        String branch,
        Optional<Path> savedWork,
        BooleanSupplier cancelled) {
      try {
        Files.createDirectories(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new PreparedWorkspace(
          directory, repository.url(), Optional.empty(), "0", branch, directory, false, List.of());
    }

    @Override
    public Optional<PreparedWorkspace> prepared(Path directory) {
      return Optional.empty();
    }

    @Override
    public SavedWork save(
        Path workspace, Path directory, CollectLimits limits, Optional<String> known) {
      return new SavedWork(Optional.empty(), true, Optional.empty(), 0, List.of());
    }

    @Override
    public Collected collect(Path directory, Path results, CollectLimits limits) {
      return new Collected(Optional.empty(), Optional.empty(), Optional.empty(), 0, List.of());
    }

    @Override
    public void remove(Path directory) {}
  }

  /** Never done before it is cancelled. */
  private static final class StuckWorkspaces extends EmptyWorkspaces {
    private final CountDownLatch entered = new CountDownLatch(1);

    @Override
    public PreparedWorkspace prepare(
        Path directory,
        dev.holdfast.worker.workspace.RepositoryRef repository,
        String branch,
        Optional<Path> savedWork,
        BooleanSupplier cancelled) {
      entered.countDown();
      await().atMost(Duration.ofSeconds(20)).until(cancelled::getAsBoolean);
      return super.prepare(directory, repository, branch, savedWork, cancelled);
    }
  }
}
