package dev.holdfast.worker.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Usage;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.Checkpointing;
import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.ContainerSpec.Pull;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.schemas.job.ResourceLimits;
import dev.holdfast.schemas.job.SecretUse;
import dev.holdfast.worker.container.PrivateEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole attempts in containers of a real daemon, which stays up. */
class ContainerAttemptTest {
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
      engine.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    worker = new TestWorker(data, cell, TestWorker.Setup.QUICK.with(engine.address()));
    await()
        .until(() -> cell.presences.stream().anyMatch(now -> now.slots() > 0 && now.containers()));
  }

  @AfterEach
  void stop() {
    worker.close();
    cell.close();
    engine.removeContainers();
  }

  private static ContainerSpec container(String image) {
    return new ContainerSpec(image, "none", null, null, null, null, null);
  }

  private static JobSpec job(ContainerSpec container, ResourceLimits limits, String script) {
    return new JobSpec(
        List.of("sh", "-c", script),
        null,
        null,
        new TreeMap<>(Map.of("GREETING", "hello world")),
        null,
        null,
        null,
        null,
        null,
        null,
        limits,
        container,
        null,
        null,
        null,
        null);
  }

  private static JobSpec job(String script) {
    return job(container(PrivateEngine.IMAGE), null, script);
  }

  private WorkerReport.Ended ended() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    return cell.reports(WorkerReport.Ended.class).getFirst();
  }

  private String stdout(Order.Assigned assigned) {
    return new String(
        cell.output(assigned.job(), OutputStreamName.STDOUT),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private void awaitGone() {
    await().atMost(Duration.ofSeconds(20)).until(() -> worker.desk.held() == 0);
  }

  /** Removed with its attempt; or by the sweep, where the engine was still busy with it. */
  private void awaitNoContainer() {
    await().atMost(Duration.ofSeconds(20)).until(() -> engine.onlyContainer().isEmpty());
  }

  @Test
  void runsACommandToItsEndAndRemovesTheContainer() {
    var assigned =
        worker.assign(
            "job-1",
            job("echo \"$GREETING $OF_THE_IMAGE $HOLDFAST_JOB\"; pwd; echo oops >&2; exit 7"));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(7));
    assertThat(stdout(assigned)).isEqualTo("hello world yes job-1\n/workspace\n");
    assertThat(cell.output(assigned.job(), OutputStreamName.STDERR)).asString().isEqualTo("oops\n");
    awaitGone();
    awaitNoContainer();
    assertThat(worker.directory(assigned)).doesNotExist();
  }

  @Test
  void holdsTheJobWithinItsLimits() {
    var limits = new ResourceLimits(0.5, 64L * 1024 * 1024, 50);
    var assigned =
        worker.assign(
            "job-1",
            job(
                container(PrivateEngine.IMAGE),
                limits,
                """
                cd /sys/fs/cgroup
                cat memory.max memory/memory.limit_in_bytes 2>/dev/null
                cat pids.max pids/pids.max 2>/dev/null
                cat cpu.max 2>/dev/null || cat cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us
                """));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(stdout(assigned).strip().split("\\s+"))
        .containsExactly("67108864", "51", "50000", "100000");
  }

  /** Two processes at once: neither of them alone has used as much. */
  @Test
  void tellsWhatAllItsProcessesUsed() {
    var assigned =
        worker.assign(
            "job-1",
            job(
                """
                for i in 1 2; do (dd if=/dev/zero bs=40M count=1 2>/dev/null | sleep 1) & done
                dd if=/dev/zero of=written bs=1M count=8 conv=fsync 2>/dev/null
                wait; echo done
                """));

    Usage usage = Objects.requireNonNull(ended().usage());
    assertThat(stdout(assigned)).isEqualTo("done\n");
    assertThat(usage.peakMemoryBytes()).isBetween(78L << 20, 400L << 20);
    assertThat(usage.cpuMs()).isBetween(1L, 4 * usage.wallMs());
    assertThat(usage.writtenBytes()).isGreaterThanOrEqualTo(8L << 20);
    assertThat(usage.survivingProcesses()).isZero();
  }

  @Test
  void leavesTheJobNoPrivilegeAndNoWayToItsControlFiles() {
    var assigned =
        worker.assign(
            "job-1",
            job(
                """
                id -u; touch /workspace/mine /tmp/mine && echo written
                touch /elsewhere || ls /.holdfast || ls /.holdfast/run || ls /proc/1/cwd/ || echo kept out
                kill -9 1; grep -E 'CapEff|CapPrm|NoNewPrivs' /proc/self/status | cut -f 2
                """));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(stdout(assigned))
        .isEqualTo("0\nwritten\nkept out\n0000000000000000\n0000000000000000\n1\n");
  }

  @Test
  void runsAsTheImagesUserWhoOwnsTheWorkspace() throws Exception {
    var assigned =
        worker.assign(
            "job-1",
            job(
                container(PrivateEngine.IMAGE_WITH_USER),
                null,
                "id -u; id -g; echo $HOME; touch mine; stat -c %u mine; echo again > /dev/stdout"));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(stdout(assigned)).endsWith("again\n");
  }

  @Test
  void runsAsTheUserThatTheJobNames() {
    var spec = new ContainerSpec(PrivateEngine.IMAGE, "none", "4321:5432", true, null, null, null);
    var assigned = worker.assign("job-1", job(spec, null, "id -u; id -g; touch mine && echo ok"));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(stdout(assigned)).isEqualTo("4321\n5432\nok\n");
  }

  @Test
  void saysThatTheMemoryLimitEndedTheJob() {
    worker.assign(
        "job-1",
        job(
            container(PrivateEngine.IMAGE),
            new ResourceLimits(null, 32L * 1024 * 1024, null),
            "exec dd if=/dev/zero of=/dev/null bs=200M count=1"));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("out-of-memory");
              assertThat(failed.message()).contains("33554432 bytes", "limits.memoryBytes");
            });
  }

  @Test
  void cancelEndsTheWholeTree() {
    var assigned =
        worker.assign(
            "job-1",
            job(
                """
                (setsid sh -c 'trap "" TERM; sleep 1001' &)
                sh -c 'trap "" TERM; sleep 1002' &
                echo up; exec sleep 1003
                """));
    await().atMost(Duration.ofSeconds(20)).until(() -> stdout(assigned).equals("up\n"));
    assertThat(sleepers()).isEqualTo(3);

    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Cancelled.class, cancelled -> assertThat(cancelled.killed()).isPositive());
    assertThat(sleepers()).isZero();
    awaitGone();
    awaitNoContainer();
  }

  private static long sleepers() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> commandLine(pid).matches("sleep 100[123] "))
        .count();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
    } catch (java.io.IOException e) {
      return "";
    }
  }

  @Test
  void failsClearlyWithoutTheImage() {
    worker.assign(
        "job-1",
        job(
            new ContainerSpec("no-such-image:1", "none", null, null, Pull.NEVER, null, null),
            null,
            "true"));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("image-not-found");
              assertThat(failed.message()).contains("no-such-image:1", "never", "w-1");
            });
    awaitGone();
  }

  @Test
  void failsClearlyWithoutTheNetwork() {
    worker.assign(
        "job-1",
        job(
            new ContainerSpec(PrivateEngine.IMAGE, "no-such-net", null, null, null, null, null),
            null,
            "true"));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("container-failed");
              assertThat(failed.message()).contains("no-such-net");
            });
    awaitGone();
    awaitNoContainer();
  }

  @Test
  void saysThatTheImageLacksTheCommand() {
    var spec = job("true");
    worker.assign(
        "job-1",
        new JobSpec(
            List.of("no-such-tool"),
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
            spec.container(),
            null,
            null,
            null,
            null));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("command-not-found");
              assertThat(failed.message()).contains("image " + PrivateEngine.IMAGE);
            });
  }

  @Test
  void aContainerThatSomebodyRemovedIsLostWithItsCause() {
    var assigned = worker.assign("job-1", job("echo up; exec sleep 1000"));
    await().atMost(Duration.ofSeconds(20)).until(() -> stdout(assigned).equals("up\n"));

    try (var other = engine.engine()) {
      engine.onlyContainer().ifPresent(container -> other.remove(container.id()));
    }

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !cell.reports(WorkerReport.Lost.class).isEmpty());
    assertThat(cell.reports(WorkerReport.Lost.class).getFirst().evidence())
        .contains("somebody removed it", "holdfast-test-" + worker.home.uniqueName() + "-job-1");
    awaitGone();
  }

  @Test
  void aContainerLivesOnWithoutItsWorkerAndIsAdopted() throws Exception {
    var assigned =
        worker.assign(
            "job-1", job("for i in $(seq 0 39); do echo line $i; sleep 0.1; done; exit 42"));
    await().atMost(Duration.ofSeconds(20)).until(() -> stdout(assigned).contains("line 3"));
    String identity = Files.readString(worker.directory(assigned).resolve("container"));

    worker.abandon();
    start();

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !cell.reports(WorkerReport.Adopted.class).isEmpty());
    assertThat(Files.readString(worker.directory(assigned).resolve("container")))
        .isEqualTo(identity);
    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(42));
    assertThat(stdout(assigned)).isEqualTo(lines(40));
    awaitGone();
    awaitNoContainer();
  }

  private static String lines(int count) {
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(i -> "line " + i + "\n")
        .collect(java.util.stream.Collectors.joining());
  }

  @Test
  void adoptsAContainerWhoseStartWasNotNotedDown() throws Exception {
    var assigned = worker.assign("job-1", job("echo up; sleep 2; echo down; exit 5"));
    await().atMost(Duration.ofSeconds(20)).until(() -> stdout(assigned).equals("up\n"));
    worker.abandon();
    var record = dev.holdfast.worker.process.ControlFile.named("container");
    Files.write(
        worker.directory(assigned).resolve("container"),
        record
            .with(
                "name",
                "holdfast-test-%s-job-1-%s-1".formatted(worker.home.uniqueName(), assigned.token()))
            .with("generation", 1)
            .with("replacing", 0)
            .render());

    start();

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(5));
    assertThat(stdout(assigned)).isEqualTo("up\ndown\n");
    assertThat(cell.reports(WorkerReport.Adopted.class)).hasSize(1);
  }

  @Test
  void removesAContainerOfItsOwnThatNoRunDirectoryKnows() throws Exception {
    var assigned = worker.assign("job-1", job("echo up; exec sleep 1000"));
    await().atMost(Duration.ofSeconds(20)).until(() -> stdout(assigned).equals("up\n"));
    worker.abandon();
    new ProcessBuilder("rm", "-rf", worker.directory(assigned).toString()).start().waitFor();
    assertThat(engine.onlyContainer()).isPresent();

    start();

    await().atMost(Duration.ofSeconds(20)).until(() -> worker.swept("container") == 1);
    assertThat(engine.onlyContainer()).isEmpty();
  }

  /** Two installations on one machine, each with a cell and a worker of the same name. */
  @Test
  void leavesTheContainersOfAWorkerOfTheSameNameAlone(@TempDir Path other) throws Exception {
    var assigned = worker.assign("job-1", job("echo up; exec sleep 1000"));
    await().atMost(Duration.ofSeconds(20)).until(() -> stdout(assigned).equals("up\n"));
    var otherCell = new InMemoryCell();
    var setup = TestWorker.Setup.QUICK.with(engine.address());
    try (var otherWorker = new TestWorker(other, otherCell, setup)) {
      await()
          .until(() -> !otherCell.presences.isEmpty() && otherCell.presences.getLast().slots() > 0);
      var theirs = otherWorker.assign("job-2", job("echo up; exec sleep 1000"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> otherCell.output(theirs.job(), OutputStreamName.STDOUT).length > 0);
      otherWorker.abandon();
      new ProcessBuilder("rm", "-rf", otherWorker.directory(theirs).toString()).start().waitFor();
      assertThat(containers()).isEqualTo(2);

      try (var again = new TestWorker(other, otherCell, setup)) {
        await().atMost(Duration.ofSeconds(20)).until(() -> again.swept("container") == 1);
      }
      assertThat(containers()).as("the one whose worker lives").isEqualTo(1);
      assertThat(worker.swept("container")).isZero();
      assertThat(cell.reports(WorkerReport.Lost.class)).isEmpty();
    } finally {
      otherCell.close();
    }
    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));
    assertThat(ended().outcome()).isInstanceOf(Outcome.Cancelled.class);
    awaitNoContainer();
  }

  private static int containers() {
    try (var client = engine.engine()) {
      return client.list(Map.of()).size();
    }
  }

  @Test
  void seesWhatItsJobWasGivenAndTheObjectsThatItsCloneBorrows() throws Exception {
    Path secret = Files.createDirectories(data.resolve("secrets")).resolve("key");
    Files.writeString(secret, "s3cret");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path source = data.resolve("source");
    try (Git git = Git.init().setDirectory(source.toFile()).call()) {
      Files.writeString(source.resolve("readme"), "hello");
      git.add().addFilepattern("readme").call();
      git.commit().setMessage("first").setAuthor("a", "a@b").setSign(false).call();
    }
    var assigned =
        worker.assign(
            "job-1",
            new JobSpec(
                List.of(
                    "sh",
                    "-c",
                    """
                    cat readme $HOLDFAST_FILES/prompt
                    ls -d $(cat .git/objects/info/alternates)/pack
                    [ "$(cat $HOLDFAST_SECRETS/key)" = s3cret ] && echo has the secret
                    echo "50 half way" > $HOLDFAST_PROGRESS.new
                    mv $HOLDFAST_PROGRESS.new $HOLDFAST_PROGRESS
                    echo $HOLDFAST_FILES; touch $HOLDFAST_CHECKPOINT/mine && echo mine
                    touch "$(cat .git/objects/info/alternates)/x" || echo borrowed only
                    """),
                null,
                new RepositoryRef(source.toString(), null),
                null,
                null,
                null,
                null,
                null,
                new TreeMap<>(Map.of("prompt", " world\n")),
                List.of(new SecretUse("key", null)),
                null,
                container(PrivateEngine.IMAGE_WITH_USER),
                null,
                null,
                new Checkpointing(1024L * 1024),
                null));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(stdout(assigned))
        .startsWith("hello world\n" + worker.home.mirrors().toAbsolutePath())
        .endsWith("has the secret\n/holdfast/job/files\nmine\nborrowed only\n");
  }
}
