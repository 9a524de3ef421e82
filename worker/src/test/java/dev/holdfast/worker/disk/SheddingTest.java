package dev.holdfast.worker.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.workspace.GitWorkspaces;
import dev.holdfast.worker.workspace.MirrorShelf;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small disk that fills up: caches go, oldest first, and what something living uses stays. */
class SheddingTest {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final String LIVING = "https://example.org/living.git";
  private static final String CREDENTIALS = "ci-token";

  @TempDir Path directory;
  private SmallDisk disk;
  private RunDirectories runs;
  private DiskGuard guard;
  private Shedding shedding;
  private final List<Path> rescued = new ArrayList<>();
  private boolean shelfBroken;

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.inMemory(directory.resolve("data"), 32 * MEBIBYTE, 0);
    Path data = disk.path();
    runs = RunDirectories.open(data.resolve("runs"));
    guard = DiskGuard.of(data, OptionalLong.of(4 * MEBIBYTE));
    Trash trash = Trash.in(data.resolve("trash"));
    var shelf = new MirrorShelf(data.resolve("mirrors"));
    shedding =
        new Shedding(
            List.of(
                Caches.mirrors(shelf, runs, trash),
                Caches.finishedWork(runs, trash),
                Caches.evidence(runs, shelf, this::rescue, trash)),
            new SimpleMeterRegistry());
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      guard.close();
      disk.close();
    }
  }

  private void rescue(Path run) throws IOException {
    if (shelfBroken) {
      throw new IOException("the shelf takes nothing");
    }
    rescued.add(run);
  }

  private Path mirror(String name, int usedHoursAgo) throws IOException {
    Path mirror = Files.createDirectories(disk.path().resolve("mirrors").resolve(name));
    Files.writeString(mirror.resolve("HEAD"), "ref: refs/heads/main\n");
    fill(mirror);
    Path used = Files.createFile(mirror.resolveSibling(name + ".used"));
    Files.setLastModifiedTime(
        used, FileTime.from(Instant.now().minus(Duration.ofHours(usedHoursAgo))));
    return mirror;
  }

  private static void fill(Path where) throws IOException {
    Files.write(where.resolve("pack"), new byte[(int) (3 * MEBIBYTE)]);
  }

  @Test
  void givesUpTheOldestUnusedUntilThereIsRoomAndHealsByItself() throws Exception {
    Path oldest = mirror("0001.git", 9);
    Path ofLivingJob = mirror(GitWorkspaces.mirrorName(LIVING, CREDENTIALS), 8);
    Path borrowed = mirror("0002.git", 7);
    Path newest = mirror("0003.git", 1);
    Runs.make(runs, "living", new RepositoryRef(LIVING, null, CREDENTIALS, null, null));
    Path objects = Runs.make(runs, "nested", null).work().resolve(".git/objects/info");
    Files.createDirectories(objects);
    Files.writeString(objects.resolve("alternates"), borrowed.resolve("objects") + "\n");
    AtomicInteger changes = new AtomicInteger();
    disk.fillUpTo(MEBIBYTE);

    guard.begin(Duration.ofMillis(20), changes::incrementAndGet, shedding::begin);

    await().until(() -> changes.get() == 2 && guard.takesWork());
    assertThat(oldest).doesNotExist();
    assertThat(newest).doesNotExist();
    assertThat(ofLivingJob).exists();
    assertThat(borrowed).exists();
    assertThat(guard.unavailability()).isEmpty();
  }

  @Test
  void stopsAsSoonAsThereIsRoom() throws Exception {
    Path oldest = mirror("0001.git", 9);
    Path newest = mirror("0002.git", 1);

    assertThat(shedding.run(() -> !Files.exists(oldest))).isEqualTo(1);

    assertThat(newest).exists();
  }

  @Test
  void takesTheWorkOfFinishedAttemptsThatIsNotNeededAnyMore() throws Exception {
    RunDirectory finished = Runs.make(runs, "finished", null);
    RunDirectory running = Runs.make(runs, "running", null);
    RunDirectory lost = Runs.make(runs, "lost", null);
    for (RunDirectory run : List.of(finished, running, lost)) {
      fill(Files.createDirectories(run.work()));
    }
    finished.conclude(
        new WorkerReport.Ended(
            new WorkerId("w-1"),
            new JobId("finished"),
            new Token(1),
            new Outcome.Exited(0),
            OutputTotals.NONE,
            null));
    lost.conclude(
        new WorkerReport.Lost(new WorkerId("w-1"), new JobId("lost"), new Token(1), "evidence"));

    assertThat(shedding.run(() -> false)).isEqualTo(1);

    assertThat(finished.work()).doesNotExist();
    assertThat(finished.conclusion()).isPresent();
    assertThat(running.work()).exists();
    assertThat(lost.work()).exists();
  }

  @Test
  void takesADamagedRunDirectoryOnlyWhenTheWorkInItIsSafe() throws Exception {
    Path damaged = Files.createDirectories(runs.damaged().resolve("job-1.1.1"));
    shelfBroken = true;
    assertThat(shedding.run(() -> false)).isZero();
    assertThat(damaged).exists();

    shelfBroken = false;
    assertThat(shedding.run(() -> false)).isEqualTo(1);

    assertThat(damaged).doesNotExist();
    assertThat(rescued).containsExactly(damaged);
  }

  @Test
  void keepsAllMirrorsWhenItCannotBeToldWhoNeedsThem() throws Exception {
    Path mirror = mirror("0001.git", 9);
    Files.writeString(Runs.make(runs, "torn", null).path().resolve("run.json"), "{");

    assertThat(shedding.run(() -> false)).isZero();

    assertThat(mirror).exists();
  }
}
