package dev.holdfast.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.cgroup.Cgroups;
import dev.holdfast.worker.disk.RunStrays;
import dev.holdfast.worker.disk.Sweep;
import dev.holdfast.worker.disk.Trash;
import dev.holdfast.worker.process.BootClock;
import dev.holdfast.worker.process.ControlFile;
import dev.holdfast.worker.process.ExitRecord;
import dev.holdfast.worker.process.Identity;
import dev.holdfast.worker.process.Launch;
import dev.holdfast.worker.process.LaunchFile;
import dev.holdfast.worker.process.ProcessIdentity;
import dev.holdfast.worker.process.Reading;
import dev.holdfast.worker.process.Shim;
import dev.holdfast.worker.process.ShimBinary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken out of sight does not run, not even if its shim was about to start. */
class RetireTest {
  @TempDir Path root;
  private Supervisor supervisor;
  private RunDirectories runs;
  private RunDirectory directory;
  private Path ran;

  @BeforeEach
  void prepare() throws Exception {
    var shim = new Shim(ShimBinary.unpackTo(root.resolve("shim")));
    supervisor = new Supervisor(shim, Cgroups.none(), new NoContainers());
    runs = RunDirectories.open(root.resolve("runs"));
    ran = root.resolve("ran");
    var assigned =
        new Order.Assigned(
            new WorkerId("w-1"),
            1,
            1,
            new JobId("job-1"),
            1,
            new Token(7),
            new JobSpec(List.of("true"), null, null, null, null, null, null, null));
    directory =
        runs.create(
            new RunFacts(assigned, RunFacts.PROCESS, BootClock.bootId(), Instant.now()),
            place -> supervisor.extendLease(place, BootClock.system().nowMs() + 60_000));
  }

  private Launch launch(String script) {
    return new Launch(
        root,
        List.of("sh", "-c", script),
        Map.of(Launch.RUN_VARIABLE, root.toString()),
        new Launch.Timing(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ZERO),
        new Launch.LeaseLoss(
            Launch.Policy.FREEZE,
            root.resolve("lock"),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1)));
  }

  private ProcessIdentity shimIn(Path place) throws IOException {
    return Reading.of(place.resolve(Identity.FILE), Identity::parse).whole().orElseThrow().shim();
  }

  @Test
  void endsWhatRunsInIt() throws Exception {
    supervisor.start(directory, launch("echo ran >" + ran + "; sleep 100"), null);
    await().until(() -> Files.exists(ran));
    ProcessIdentity shim = shimIn(directory.path());

    Path gone = supervisor.retire(runs, directory);

    assertThat(shim.isAlive()).isFalse();
    assertThat(directory.path()).doesNotExist();
    assertThat(gone.resolve("exit")).exists();
  }

  /** What sat in the kernel when the shim gave up may come out of it later. */
  @Test
  void endsWhatTheExitRecordSaysWasLeft() throws Exception {
    ProcessIdentity survivor = survivorOfItsShim();
    Files.write(directory.path().resolve(ExitRecord.FILE), exitRecord(1));
    var exit = ((View.Ended) supervisor.look(directory)).exit();

    assertThat(supervisor.endSurvivors(directory, exit)).isZero();

    assertThat(survivor.isAlive()).isFalse();
  }

  @Test
  void retiresNothingOfWhichTheExitRecordSaysThatSomethingIsLeft() throws Exception {
    ProcessIdentity survivor = survivorOfItsShim();
    Files.write(directory.path().resolve(ExitRecord.FILE), exitRecord(1));

    supervisor.retire(runs, directory);

    assertThat(survivor.isAlive()).isFalse();
  }

  private ProcessIdentity survivorOfItsShim() throws Exception {
    supervisor.start(
        directory, launch("setsid sh -c 'echo $$ >" + ran + "; exec sleep 100'; sleep 100"), null);
    await().until(() -> Files.exists(ran) && !Files.readString(ran).isBlank());
    ProcessIdentity survivor =
        ProcessIdentity.of(Long.parseLong(Files.readString(ran).strip())).orElseThrow();
    ProcessIdentity shim = shimIn(directory.path());
    ProcessHandle.of(shim.pid()).ifPresent(ProcessHandle::destroyForcibly);
    await().until(() -> !shim.isAlive());
    assertThat(survivor.isAlive()).isTrue();
    return survivor;
  }

  private static byte[] exitRecord(int remaining) {
    ControlFile file = ControlFile.named(ExitRecord.FILE).with("kind", "exited").with("code", 0);
    for (String number :
        List.of(
            "ended_wall_ms",
            "wall_ms",
            "frozen_ms",
            "stdout_bytes",
            "stderr_bytes",
            "utime_ms",
            "stime_ms",
            "maxrss_kb",
            "leftovers",
            "killed")) {
      file = file.with(number, 1);
    }
    return file.with("remaining", remaining).render();
  }

  /**
   * A shim has claimed its directory and found it in its place, and is held there for a while:
   * whoever takes the directory away meanwhile finds the claim, and waits for the shim to end.
   */
  @Test
  void endsShimThatHadClaimedItJustBefore() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "skipped: strace is not installed");
    Path place = directory.path();
    Files.write(
        place.resolve(LaunchFile.NAME),
        LaunchFile.render(launch("echo ran >" + ran + "; sleep 100"), place));
    Process starting =
        new ProcessBuilder(
                "strace",
                "-f",
                "-qq",
                "-o",
                root.resolve("trace").toString(),
                "-e",
                "trace=statx",
                "-e",
                "inject=statx:delay_exit=1500000:when=2",
                ShimBinary.unpackTo(root.resolve("shim")).toString(),
                place.toString())
            .redirectErrorStream(true)
            .start();
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> Files.exists(place.resolve(Identity.FILE)));
    ProcessIdentity shim = shimIn(place);
    assertThat(shim.isAlive()).isTrue();

    Path gone = runs.retire(directory);
    supervisor.endStray(gone);

    assertThat(shim.isAlive()).isFalse();
    assertThat(ran).doesNotExist();
    starting.waitFor();
  }

  @Test
  void endsBeforeItDeletesWhatAnEarlierIncarnationHadTakenAway() throws Exception {
    supervisor.start(directory, launch("echo ran >" + ran + "; sleep 100"), null);
    await().until(() -> Files.exists(ran));
    Path gone = runs.retire(directory);
    ProcessIdentity shim = shimIn(gone);

    Trash trash = Trash.in(root.resolve("trash"));
    var strays =
        new RunStrays(
            RunDirectories.open(root.resolve("runs")),
            run -> true,
            new RunStrays.Care(supervisor::endStray, run -> {}),
            trash,
            InstantSource.system());
    Sweep.of(
            root.resolve("sweep"),
            List.of(strays),
            new Sweep.Pace(Duration.ofSeconds(30), InstantSource.system()),
            new SimpleMeterRegistry())
        .runOnce();

    assertThat(shim.isAlive()).isFalse();
    assertThat(gone).doesNotExist();
  }
}
