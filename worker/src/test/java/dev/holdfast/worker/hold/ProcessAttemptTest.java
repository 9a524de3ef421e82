package dev.holdfast.worker.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.output.OutputLimit;
import dev.holdfast.worker.output.StreamDigest;
import dev.holdfast.worker.process.ProcessIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real shims, real processes, a cell in memory. */
class ProcessAttemptTest {
  @TempDir Path data;
  private final InMemoryCell cell = new InMemoryCell();
  private TestWorker worker;

  @BeforeEach
  void start() throws Exception {
    worker = start(TestWorker.Setup.QUICK);
  }

  private TestWorker start(TestWorker.Setup setup) throws Exception {
    var started = new TestWorker(data, cell, setup);
    await().until(() -> started.desk.reconciled() && !cell.presences.isEmpty());
    await().until(() -> cell.presences.getLast().slots() > 0);
    return started;
  }

  @AfterEach
  void stop() {
    worker.close();
    cell.close();
  }

  private WorkerReport.Ended ended() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    return cell.reports(WorkerReport.Ended.class).getFirst();
  }

  private void awaitGone() {
    await().until(() -> worker.desk.held() == 0 && worker.desk.slotsTaken() == 0);
  }

  @Test
  void runsACommandToItsEnd() throws Exception {
    var assigned =
        worker.assign(
            "job-1",
            TestWorker.shell("printf \"$HOLDFAST_JOB $HOLDFAST_ATTEMPT\"; echo oops >&2; exit 7"));

    var ended = ended();

    assertThat(ended.outcome()).isEqualTo(new Outcome.Exited(7));
    assertThat(cell.output(assigned.job(), OutputStreamName.STDOUT))
        .asString()
        .isEqualTo("job-1 1");
    assertThat(cell.output(assigned.job(), OutputStreamName.STDERR)).asString().isEqualTo("oops\n");
    assertThat(ended.output().stdout().bytes()).isEqualTo(7);
    assertThat(cell.reports(WorkerReport.Taken.class)).hasSize(1);
    assertThat(cell.beats).isNotEmpty();
    awaitGone();
    assertThat(worker.directory(assigned)).doesNotExist();
  }

  @Test
  void givesTheJobNothingOfTheWorkersEnvironmentButALittle() {
    var assigned = worker.assign("job-1", TestWorker.shell("env | cut -d= -f1 | sort"));

    ended();

    assertThat(cell.output(assigned.job(), OutputStreamName.STDOUT))
        .asString()
        .contains("PATH", "HOME", "HOLDFAST_TOKEN", "HOLDFAST_RUN", "HOLDFAST_CELL")
        .doesNotContain("JAVA", "MAVEN");
  }

  @Test
  void repeatsTheOutcomeUntilItIsAccepted() {
    cell.accepting = false;
    worker.assign("job-1", TestWorker.shell("true"));

    await().until(() -> cell.reports(WorkerReport.Ended.class).size() >= 3);
    assertThat(worker.desk.held()).isEqualTo(1);
    assertThat(worker.desk.slotsTaken()).isZero();

    cell.accepting = true;
    awaitGone();
  }

  @Test
  void saysWhichCommandWasNotFoundAndWhere() {
    worker.assign("job-1", TestWorker.command(List.of("no-such-program", "x")));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("command-not-found");
              assertThat(failed.message()).contains("no-such-program", "worker w-1", "install");
            });
    awaitGone();
  }

  @Test
  void saysThatACommandIsNotExecutable() throws Exception {
    Path script = data.resolve("script");
    Files.writeString(script, "#!/bin/sh\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
    worker.assign("job-1", TestWorker.command(List.of(script.toString())));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo("command-not-executable"));
  }

  @Test
  void cancelsATreeThatIgnoresTermAndHasADaemon() {
    var assigned =
        worker.assign(
            "job-1",
            TestWorker.shell(
                "trap '' TERM; (trap '' TERM; setsid sh -c 'trap \"\" TERM; echo daemon $$; while"
                    + " :; do sleep 0.1; done' &) ; echo leader $$; while :; do sleep 0.1; done"));
    await()
        .until(() ->
            new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8).lines().count()
                == 2);

    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Cancelled.class, cancelled -> assertThat(cancelled.killed()).isPositive());
    new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8)
        .lines()
        .map(line -> Long.parseLong(line.split(" ")[1]))
        .forEach(pid -> assertThat(ProcessIdentity.of(pid)).isEmpty());
    awaitGone();
  }

  @Test
  void endsAndRemovesASupersededAttempt() {
    var assigned = worker.assign("job-1", TestWorker.shell("echo $$; exec sleep 100"));
    await().until(() -> cell.output(assigned.job(), OutputStreamName.STDOUT).length > 0);
    long pid =
        Long.parseLong(
            new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8).strip());

    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.SUPERSEDED));

    awaitGone();
    assertThat(ProcessIdentity.of(pid)).isEmpty();
    assertThat(worker.directory(assigned)).doesNotExist();
    assertThat(cell.reports(WorkerReport.Ended.class)).isEmpty();
  }

  @Test
  void publishesABinaryLineOfTenMegabytes() throws Exception {
    Path line = data.resolve("line");
    var bytes = new byte[10_000_000];
    new java.util.Random(7).nextBytes(bytes);
    Files.write(line, bytes);
    var assigned = worker.assign("job-1", TestWorker.command(List.of("cat", line.toString())));

    var ended = ended();

    assertThat(ended.output().stdout().sha256()).isEqualTo(StreamDigest.of(line).sha256());
    assertThat(cell.output(assigned.job(), OutputStreamName.STDOUT)).isEqualTo(bytes);
  }

  @Test
  void cutsAGigabyteToHeadAndTail() throws Exception {
    worker.close();
    worker = start(TestWorker.Setup.QUICK.with(new OutputLimit(1_000_000, 1000, 256 * 1024)));
    var assigned =
        worker.assign("job-1", TestWorker.shell("head -c 999999990 /dev/zero; printf 0123456789"));

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    var total = ended().output().stdout();

    assertThat(total.bytes()).isEqualTo(1_000_000_000);
    assertThat(total.cutFrom()).isEqualTo(1_000_000);
    assertThat(total.cutTo()).isEqualTo(1_000_000_000 - 1000);
    assertThat(cell.cuts).hasSize(1);
    byte[] kept = cell.output(assigned.job(), OutputStreamName.STDOUT);
    assertThat(kept).hasSize(1_001_000);
    assertThat(new String(kept, kept.length - 10, 10, UTF_8)).isEqualTo("0123456789");
  }

  @Test
  void handsBackWhatFindsNoSlot() throws Exception {
    worker.close();
    worker = start(TestWorker.Setup.QUICK.withSlots(1));
    var first = worker.assign("job-1", TestWorker.shell("exec sleep 100"));
    await().until(() -> worker.desk.slotsTaken() == 1);

    worker.assign("job-2", TestWorker.shell("true"));

    await().until(() -> !cell.reports(WorkerReport.Released.class).isEmpty());
    assertThat(cell.reports(WorkerReport.Released.class).getFirst().why()).contains("slots");
    cell.order(
        new Order.Stop(worker.home.id(), first.job(), first.token(), Order.StopReason.SUPERSEDED));
    awaitGone();
  }

  @Test
  void reportsAnAttemptLostWhoseShimWasKilled() throws Exception {
    var assigned =
        worker.assign("job-1", TestWorker.shell("setsid sleep 1000 & echo $!; exec sleep 1000"));
    await().until(() -> cell.output(assigned.job(), OutputStreamName.STDOUT).length > 0);
    long daemon =
        Long.parseLong(
            new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8).strip());
    String identity = Files.readString(worker.directory(assigned).resolve("identity"));
    long shim = Long.parseLong(identity.replaceAll("(?s).*shim_pid=(\\d+).*", "$1"));

    assertThat(ProcessHandle.of(shim).orElseThrow().destroyForcibly()).isTrue();

    await().until(() -> !cell.reports(WorkerReport.Lost.class).isEmpty());
    assertThat(cell.reports(WorkerReport.Lost.class).getFirst().evidence()).contains("shim");
    assertThat(ProcessIdentity.of(daemon)).isEmpty();
    awaitGone();
    assertThat(cell.reports(WorkerReport.Ended.class)).isEmpty();
  }

  @Test
  void freezesWithoutLeaseAndThawsWhenRenewed() throws Exception {
    worker.close();
    worker =
        start(
            TestWorker.Setup.QUICK.with(
                new Liveness(Duration.ofMillis(500), Duration.ofSeconds(4))));
    var assigned =
        worker.assign(
            "job-1",
            TestWorker.shell("i=0; while [ $i -lt 60 ]; do echo $i; i=$((i+1)); sleep 0.1; done"));
    await().until(() -> cell.output(assigned.job(), OutputStreamName.STDOUT).length > 0);

    cell.reachable = false;
    Path beat = worker.directory(assigned).resolve("beat");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Files.readString(beat).contains("state=frozen"));
    cell.reachable = true;

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(cell.reports(WorkerReport.Renew.class)).isNotEmpty();
    assertThat(new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8).lines())
        .hasSize(60);
  }

  @Test
  void endsAJobThatTakesTooLong() {
    worker.assign(
        "job-1",
        new JobSpec(
            List.of("sleep", "1000"),
            null,
            null,
            null,
            null,
            null,
            Timeouts.ofRun(Duration.ofMillis(300)),
            null));

    assertThat(ended().outcome()).isEqualTo(new Outcome.TimedOut("run"));
  }

  @Test
  void handsInWhatAFailedJobChangedInItsRepository() throws Exception {
    Path repository = data.resolve("repository");
    try (Git git = Git.init().setDirectory(repository.toFile()).call()) {
      Files.writeString(repository.resolve("README"), "one\n");
      git.add().addFilepattern("README").call();
      git.commit()
          .setMessage("First")
          .setAuthor("a", "a@example.org")
          .setCommitter("a", "a@example.org")
          .setSign(false)
          .call();
    }
    worker.assign(
        "job-1",
        new JobSpec(
            List.of("sh", "-c", "cat README; echo two >> README; echo new > other; exit 1"),
            null,
            new RepositoryRef(repository.toString(), null),
            null,
            null,
            null,
            null,
            null));

    var ended = ended();

    assertThat(ended.outcome()).isEqualTo(new Outcome.Exited(1));
    assertThat(cell.output(ended.job(), OutputStreamName.STDOUT)).asString().isEqualTo("one\n");
    assertThat(ended.result()).isNotNull();
    assertThat(ended.result().files())
        .extracting(JobResult.BlobRef::name)
        .containsExactly("changes.diff", "changes.bundle");
    assertThat(ended.result().changes().filesChanged()).isEqualTo(2);
    assertThat(ended.result().changes().uncommittedFiles()).isEqualTo(2);
    assertThat(ended.result().changes().note()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/no/such/repository,, repository-not-found", "., nope, ref-not-found"})
  void saysWhichRepositoryOrRefIsMissing(String url, String ref, String code) throws Exception {
    Path repository = data.resolve("repository");
    try (Git git = Git.init().setDirectory(repository.toFile()).call()) {
      git.commit()
          .setMessage("First")
          .setAuthor("a", "a@example.org")
          .setCommitter("a", "a@example.org")
          .setSign(false)
          .call();
    }
    String asked = url.equals(".") ? repository.toString() : url;
    worker.assign(
        "job-1",
        new JobSpec(
            List.of("true"), null, new RepositoryRef(asked, ref), null, null, null, null, null));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo(code);
              assertThat(failed.message()).contains(ref == null ? asked : ref, "worker w-1");
            });
  }

  @Test
  void takesNothingWhileItDrains() {
    worker.desk.drain();
    await().until(() -> cell.presences.getLast().draining());
    assertThat(cell.presences.getLast().slots()).isZero();

    worker.assign("job-1", TestWorker.shell("true"));

    await().until(() -> !cell.reports(WorkerReport.Released.class).isEmpty());
    assertThat(cell.reports(WorkerReport.Released.class).getFirst().why()).contains("draining");
  }

  @Test
  void looksWhenToldTo() throws Exception {
    worker.close();
    worker =
        start(
            TestWorker.Setup.QUICK.with(
                new Liveness(Duration.ofMinutes(10), Duration.ofMinutes(60))));
    var assigned = worker.assign("job-1", TestWorker.shell("exec sleep 100"));
    await().until(() -> worker.directory(assigned).resolve("identity").toFile().exists());
    int before = cell.beats.size();

    cell.order(new Order.Look(worker.home.id(), assigned.job(), assigned.token()));

    await().until(() -> cell.beats.size() > before);
    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.SUPERSEDED));
    awaitGone();
  }

  @Test
  void saysThatItDoesNotHaveWhatItIsToLookAt() {
    cell.order(new Order.Look(worker.home.id(), new JobId("job-9"), new Token(99_999)));

    await().until(() -> !cell.reports(WorkerReport.Lost.class).isEmpty());
    assertThat(cell.reports(WorkerReport.Lost.class).getFirst().job().value()).isEqualTo("job-9");
  }

  @Test
  void ignoresAnAssignmentToAnOlderIncarnationOrAnotherWorker() {
    var known = worker.assign("job-1", TestWorker.shell("true"));
    ended();
    cell.order(
        new Order.Assigned(
            worker.home.id(),
            worker.home.incarnation() - 1,
            known.presenceSequence(),
            new JobId("job-2"),
            1,
            new Token(known.token().value() + 1000),
            TestWorker.shell("true")));
    worker.assign("job-3", TestWorker.shell("true"));

    await().until(() -> cell.reports(WorkerReport.Ended.class).size() == 2);
    assertThat(cell.reports(WorkerReport.Taken.class))
        .extracting(taken -> taken.job().value())
        .containsExactly("job-1", "job-3");
  }
}
