package dev.holdfast.worker.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.Checkpointing;
import dev.holdfast.schemas.job.Finisher;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.OnLostLease;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.lease.Liveness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a spec asks for holds while no worker lives, and the next one reports what came of it. */
class WorkerGoneTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HANG = "; while :; do sleep 0.1; done";
  private static final Liveness LONG = new Liveness(Duration.ofMillis(500), Duration.ofSeconds(20));

  /** A lease of 1.5 s. */
  private static final Liveness SHORT = new Liveness(Duration.ofMillis(200), Duration.ofSeconds(2));

  @TempDir Path data;
  private final InMemoryCell cell = new InMemoryCell();
  private TestWorker worker;

  private void start(Liveness liveness) throws Exception {
    worker = new TestWorker(data, cell, TestWorker.Setup.QUICK.with(liveness));
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

  /** Runs the job on a worker that dies at once; comes back when the shim has written its end. */
  private Order.Assigned runAlone(JobSpec spec, Liveness liveness) throws Exception {
    start(liveness);
    var assigned = worker.assign("job-1", spec);
    Path directory = worker.directory(assigned);
    await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("identity")));
    worker.abandon();
    await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("exit")));
    return assigned;
  }

  private WorkerReport.Ended ended() {
    await().atMost(PATIENCE).until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    return cell.reports(WorkerReport.Ended.class).getFirst();
  }

  @Test
  void endsASilentJob() throws Exception {
    var silent = new Timeouts(null, null, Duration.ofMillis(700));

    runAlone(TestWorker.asking("echo once" + HANG, silent, null, null, null), LONG);
    start(LONG);

    assertThat(ended().outcome()).isEqualTo(new Outcome.TimedOut("idleOutput"));
  }

  @Test
  void endsAJobWhoseTimeIsUp() throws Exception {
    var short_ = Timeouts.ofRun(Duration.ofMillis(700));

    runAlone(TestWorker.asking("echo once" + HANG, short_, null, null, null), LONG);
    start(LONG);

    assertThat(ended().outcome()).isEqualTo(new Outcome.TimedOut("run"));
  }

  @Test
  void finishesAJobThatHasPrintedItsResult() throws Exception {
    var finisher = new Finisher("RESULT", Duration.ofMillis(300));

    runAlone(
        TestWorker.asking("trap '' TERM; echo the RESULT: 42" + HANG, null, null, null, finisher),
        LONG);
    start(LONG);

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(Objects.requireNonNull(ended().usage()).killedProcesses()).isPositive();
    assertThat(ended().output().stdout().bytes()).isEqualTo("the RESULT: 42\n".length());
  }

  @Test
  void letsAJobRunOnThatAsksToWhenItsLeaseIsLost() throws Exception {
    String script = "i=0; while [ $i -lt 35 ]; do sleep 0.1; i=$((i+1)); done; exit 6";

    runAlone(TestWorker.asking(script, null, null, OnLostLease.CONTINUE, null), SHORT);
    start(SHORT);

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(6));
    assertThat(Objects.requireNonNull(ended().usage()).frozenMs()).isZero();
  }

  @Test
  void endsAJobThatAsksToBeEndedWhenItsLeaseIsLost() throws Exception {
    runAlone(TestWorker.asking("echo" + HANG, null, null, OnLostLease.END, null), SHORT);
    start(SHORT);

    await().atMost(PATIENCE).until(() -> !cell.reports(WorkerReport.Lost.class).isEmpty());
    assertThat(cell.reports(WorkerReport.Lost.class).getFirst().evidence())
        .contains("lease lapsed", "deadline");
  }

  @Test
  void savesTheCheckpointOfAnAttemptThatItsShimHasEnded() throws Exception {
    String script = "echo state > $HOLDFAST_CHECKPOINT/state" + HANG;
    JobSpec asked = TestWorker.asking(script, null, null, OnLostLease.END, null);
    var checkpointed =
        new JobSpec(
            asked.command(),
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
            null,
            OnLostLease.END,
            null,
            new Checkpointing(null),
            null);

    runAlone(checkpointed, SHORT);
    cell.reports.removeIf(WorkerReport.FileKept.class::isInstance);
    Path directory = data.resolve("runs/job-1").resolve(token());
    Files.writeString(directory.resolve("job/checkpoint/state"), "newest");
    start(SHORT);

    await().atMost(PATIENCE).until(() -> !cell.reports(WorkerReport.Lost.class).isEmpty());
    List<WorkerReport> reports = List.copyOf(cell.reports);
    assertThat(cell.reports(WorkerReport.FileKept.class)).hasSize(1);
    assertThat(reports.indexOf(cell.reports(WorkerReport.FileKept.class).getFirst()))
        .as("before the attempt is given up")
        .isLessThan(reports.indexOf(cell.reports(WorkerReport.Lost.class).getFirst()));
  }

  private String token() {
    return cell.reports(WorkerReport.Taken.class).getFirst().token().toString();
  }
}
