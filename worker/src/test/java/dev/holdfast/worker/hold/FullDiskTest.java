package dev.holdfast.worker.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.disk.SmallDisk;
import dev.holdfast.worker.process.BootClock;
import dev.holdfast.worker.process.Lease;
import dev.holdfast.worker.process.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker whose data directory is on a small disk, which is full when it matters. */
class FullDiskTest {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final TestWorker.Setup SHORT_LEASES =
      TestWorker.Setup.QUICK.with(new Liveness(Duration.ofMillis(200), Duration.ofSeconds(3)));

  @TempDir Path directory;
  private final InMemoryCell cell = new InMemoryCell();
  private SmallDisk disk;
  private TestWorker worker;

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.inMemory(directory.resolve("data"), 24 * MEBIBYTE, 0);
  }

  @AfterEach
  void unmount() throws Exception {
    if (worker != null) {
      worker.close();
    }
    cell.close();
    if (disk != null) {
      disk.close();
    }
  }

  private void start(TestWorker.Setup setup) throws Exception {
    int before = cell.presences.size();
    worker = new TestWorker(disk.path(), cell, setup);
    await().atMost(SOON).until(() -> worker.desk.reconciled() && cell.presences.size() > before);
  }

  /** With a guard that sees the disk of the tests, so that work is taken onto a full one. */
  private void startBlind() throws Exception {
    start(SHORT_LEASES.blindTo(directory));
  }

  private Order.Assigned running(String job, String script) {
    var assigned = worker.assign(job, TestWorker.shell(script));
    await().atMost(SOON).until(() -> Files.exists(worker.directory(assigned).resolve("beat")));
    return assigned;
  }

  private WorkerReport.Ended ended(Order.Assigned assigned) {
    await().atMost(SOON).until(() -> !endings(assigned).isEmpty());
    return endings(assigned).getFirst();
  }

  private List<WorkerReport.Ended> endings(Order.Assigned assigned) {
    return cell.reports(WorkerReport.Ended.class).stream()
        .filter(ended -> ended.token().equals(assigned.token()))
        .toList();
  }

  private void awaitSlots(int slots) {
    await().atMost(SOON).until(() -> cell.presences.getLast().slots() == slots);
  }

  private void awaitGone() {
    await().atMost(SOON).until(() -> worker.desk.held() == 0 && worker.desk.slotsTaken() == 0);
  }

  @Test
  void aJobThatFillsTheDiskFailsByItselfAndHarmsNobody() throws Exception {
    start(SHORT_LEASES.withReserve(4 * MEBIBYTE));
    awaitSlots(4);
    Path go = directory.resolve("go");
    var neighbour =
        running(
            "neighbour",
            "i=0; while [ ! -e '%s' ]; do i=$((i+1)); sleep 0.05; done; exit 7".formatted(go));
    Path stay = directory.resolve("stay");

    var filler =
        running(
            "filler",
            "dd if=/dev/zero of=big bs=64k 2>err && exit 0; while [ ! -e '%s' ]; do sleep 0.02; done; exit 28"
                .formatted(stay));

    await().atMost(SOON).until(() -> !cell.presences.getLast().unavailable().isEmpty());
    var full = cell.presences.getLast();
    assertThat(full.slots()).isZero();
    assertThat(full.disk()).isNotNull();
    assertThat(full.disk().reserveBytes()).isEqualTo(4 * MEBIBYTE);
    assertThat(full.unavailable().getFirst().what()).isEqualTo("disk");
    assertThat(full.unavailable().getFirst().reason()).contains("are free of 24.0 MiB");
    awaitTheLeaseToMoveOnTheFullDisk(neighbour);

    Files.createFile(stay);
    var failed = ended(filler);
    assertThat(failed.outcome()).isEqualTo(new Outcome.Exited(28));
    assertThat(failed.result()).isNotNull();
    assertThat(failed.result().changes().note()).contains("disk was full", "No space left");
    awaitSlots(4);
    assertThat(cell.presences.getLast().unavailable()).isEmpty();
    Files.createFile(go);
    assertThat(ended(neighbour).outcome()).isEqualTo(new Outcome.Exited(7));
    awaitGone();
    assertThat(leftovers()).isEmpty();
  }

  /** Longer than the lease lasts: without new deadlines the job would be frozen by then. */
  private void awaitTheLeaseToMoveOnTheFullDisk(Order.Assigned assigned) {
    long now = BootClock.system().nowMs();
    long lease = SHORT_LEASES.liveness().lease().toMillis();
    await().atMost(SOON).until(() -> deadline(assigned) > now + 2 * lease);
  }

  private long deadline(Order.Assigned assigned) throws IOException {
    return Reading.of(worker.directory(assigned).resolve(Lease.FILE), Lease::parse)
        .whole()
        .map(Lease::deadlineMs)
        .orElse(0L);
  }

  @Test
  void reportsAnEndWhileNothingCanBeWritten() throws Exception {
    startBlind();
    Path go = directory.resolve("go");
    var assigned =
        running(
            "job-1", "echo before; while [ ! -e '%s' ]; do sleep 0.02; done; exit 5".formatted(go));
    await()
        .atMost(SOON)
        .until(() -> cell.output(assigned.job(), OutputStreamName.STDOUT).length > 0);
    disk.fillUpTo(0);

    Files.createFile(go);

    assertThat(ended(assigned).outcome()).isEqualTo(new Outcome.Exited(5));
    assertThat(cell.output(assigned.job(), OutputStreamName.STDOUT))
        .asString(UTF_8)
        .isEqualTo("before\n");
    awaitGone();
  }

  @Test
  void cancelsWhileNothingCanBeWritten() throws Exception {
    startBlind();
    var assigned = running("job-1", "sleep 1000");
    disk.fillUpTo(0);

    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));

    assertThat(ended(assigned).outcome()).isInstanceOf(Outcome.Cancelled.class);
    awaitGone();
  }

  @Test
  void aWorkerThatStartsOnAFullDiskTakesUpWhatLives() throws Exception {
    startBlind();
    Path go = directory.resolve("go");
    var assigned =
        running("job-1", "while [ ! -e '%s' ]; do sleep 0.02; done; exit 9".formatted(go));
    long incarnation = worker.home.incarnation();
    worker.abandon();
    disk.fillUpTo(0);

    startBlind();

    assertThat(worker.home.incarnation()).isEqualTo(incarnation + 1);
    await().atMost(SOON).until(() -> !cell.reports(WorkerReport.Adopted.class).isEmpty());
    Files.createFile(go);
    assertThat(ended(assigned).outcome()).isEqualTo(new Outcome.Exited(9));
    awaitGone();
  }

  @Test
  void handsBackWhatIsAssignedToADiskBelowItsReserve() throws Exception {
    start(SHORT_LEASES.withReserve(8 * MEBIBYTE));
    awaitSlots(4);
    SmallDisk.Filling filling = disk.fillUpTo(7 * MEBIBYTE);

    worker.assign("job-1", TestWorker.shell("true"));

    await().atMost(SOON).until(() -> !cell.reports(WorkerReport.Released.class).isEmpty());
    assertThat(cell.reports(WorkerReport.Released.class).getFirst().why())
        .contains("short of room", "8.0 MiB are reserved");
    awaitSlots(0);
    filling.remove();
    awaitSlots(4);
    assertThat(ended(worker.assign("job-2", TestWorker.shell("exit 3"))).outcome())
        .isEqualTo(new Outcome.Exited(3));
  }

  @Test
  void saysSoWhenOnlyInodesAreShort() throws Exception {
    disk.close();
    disk = SmallDisk.inMemory(directory.resolve("data"), 24 * MEBIBYTE, 2000);
    start(SHORT_LEASES.withReserve(0));
    awaitSlots(4);

    SmallDisk.Filling filling = disk.fillInodes(12);

    awaitSlots(0);
    assertThat(cell.presences.getLast().unavailable().getFirst().reason()).contains("inodes");
    filling.remove();
    awaitSlots(4);
  }

  /**
   * Runs out of room at one write after the other: whatever it hits, the attempt is handed back,
   * lost, or ends by its own code; never stuck, never half there.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 20})
  void survivesAnyWriteThatFindsNoRoom(int blocksLeft) throws Exception {
    startBlind();
    disk.fillUpTo(blocksLeft * 4096L);

    var assigned = worker.assign("job-1", TestWorker.shell("exit 3"));

    await().atMost(SOON).until(() -> settled(assigned));
    endings(assigned)
        .forEach(ended -> assertThat(ended.outcome()).isEqualTo(new Outcome.Exited(3)));
    awaitGone();
    assertThat(leftovers()).isEmpty();
    Files.delete(disk.path().resolve("filling"));
    assertThat(ended(worker.assign("job-2", TestWorker.shell("exit 4"))).outcome())
        .isEqualTo(new Outcome.Exited(4));
  }

  private boolean settled(Order.Assigned assigned) {
    var attempt = new HeldAttempt(assigned.job(), assigned.token());
    return cell.reports(WorkerReport.OfAttempt.class).stream()
        .filter(report -> new HeldAttempt(report.job(), report.token()).equals(attempt))
        .anyMatch(report ->
            report instanceof WorkerReport.Ended
                || report instanceof WorkerReport.Lost
                || report instanceof WorkerReport.Released);
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> runs = Files.walk(worker.home.runs(), 2)) {
      return runs.filter(path -> !path.equals(worker.home.runs()))
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .toList();
    }
  }
}
