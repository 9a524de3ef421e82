package dev.holdfast.worker.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Lucene indexes of a real repository, made once and shared. */
class CodeIndexesTest {
  @TempDir Path temporary;
  private IndexFixture fixture;
  private PreparedWorkspace workspace;

  @BeforeEach
  void prepare() throws Exception {
    fixture = new IndexFixture(temporary).withFiles(30, 1);
    workspace = fixture.prepare("job-1");
  }

  private IndexForJob ready(CodeIndexes indexes, String job, Patience patience)
      throws InterruptedException {
    return indexes.ready(IndexKind.LUCENE, workspace, fixture.runDirectory(job), patience);
  }

  private IndexForJob ready(CodeIndexes indexes, String job) throws InterruptedException {
    return ready(indexes, job, IndexFixture.patient());
  }

  @Test
  void isMadeOnceForAttemptsThatComeAtTheSameTime() throws Exception {
    var index = WatchedIndex.over(fixture.lucene());
    int attempts = 8;
    for (int number = 1; number < attempts; number++) {
      fixture.prepare("job-" + (number + 1));
    }

    var answers = new ArrayList<IndexForJob>();
    try (CodeIndexes indexes = fixture.open(index);
        var threads = Executors.newFixedThreadPool(attempts)) {
      var asked = new ArrayList<Callable<IndexForJob>>();
      for (int number = 1; number <= attempts; number++) {
        String job = "job-" + number;
        asked.add(() -> ready(indexes, job));
      }
      for (Future<IndexForJob> answer : threads.invokeAll(asked)) {
        answers.add(answer.get());
      }
    }

    assertThat(index.made).hasValue(1);
    assertThat(answers).hasOnlyElementsOfType(IndexForJob.Ready.class);
    assertThat(answers.stream().map(IndexForJob::environment).distinct()).hasSize(1);
    assertThat(answers.getFirst().environment())
        .containsEntry("HOLDFAST_INDEX_STATE", "ready")
        .containsEntry("HOLDFAST_INDEX_NOTE", "")
        .containsEntry(
            "HOLDFAST_INDEX", fixture.place(IndexKind.LUCENE, workspace).data().toString());
  }

  @Test
  void waitsForAnIndexThatAnotherWorkerOfTheDirectoryMakes() throws Exception {
    IndexPlace place = fixture.place(IndexKind.LUCENE, workspace);
    try (CodeIndexes indexes = fixture.open(fixture.lucene())) {
      IndexForJob without;
      try (BuildLock _ = BuildLock.take(place.lock(), IndexFixture.patient())) {
        without = ready(indexes, "job-1", Patience.of(Duration.ofMillis(200), () -> false));
      }

      assertThat(without).isInstanceOf(IndexForJob.None.class);
      assertThat(ready(indexes, "job-1")).isInstanceOf(IndexForJob.Ready.class);
    }
  }

  @Test
  void goesOnWithoutWhenTimeIsUpAndLeavesTheIndexToTheNext() throws Exception {
    var index = WatchedIndex.heldUp(fixture.lucene());
    try (CodeIndexes indexes = fixture.open(index)) {
      IndexForJob without =
          ready(indexes, "job-1", Patience.of(Duration.ofMillis(200), () -> false));
      index.mayBeMade.countDown();

      assertThat(without.environment())
          .containsEntry("HOLDFAST_INDEX_STATE", "none")
          .hasEntrySatisfying(
              "HOLDFAST_INDEX_NOTE", note -> assertThat(note).contains("not ready in time"))
          .doesNotContainKey("HOLDFAST_INDEX");
      assertThat(ready(indexes, "job-1")).isInstanceOf(IndexForJob.Ready.class);
      assertThat(index.made).hasValue(1);
    }
  }

  @Test
  void stopsWaitingWhenTheAttemptIsGivenUp() throws Exception {
    var index = WatchedIndex.heldUp(fixture.lucene());
    try (CodeIndexes indexes = fixture.open(index)) {
      assertThat(ready(indexes, "job-1", Patience.of(Duration.ofMinutes(1), () -> true)))
          .isInstanceOf(IndexForJob.None.class);
      index.mayBeMade.countDown();
      await().until(() -> ready(indexes, "job-1") instanceof IndexForJob.Ready);
    }
  }

  @Test
  void mayBeWrittenByNobody() throws Exception {
    try (CodeIndexes indexes = fixture.open(fixture.lucene())) {
      ready(indexes, "job-1");
    }

    try (Stream<Path> all = Files.walk(fixture.place(IndexKind.LUCENE, workspace).directory())) {
      assertThat(all)
          .isNotEmpty()
          .allSatisfy(path ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                  .doesNotContain("w"));
    }
  }

  @Test
  void isNotUsedForAnotherCommit() throws Exception {
    var index = WatchedIndex.over(fixture.lucene());
    try (CodeIndexes indexes = fixture.open(index)) {
      ready(indexes, "job-1");
      IndexPlace first = fixture.place(IndexKind.LUCENE, workspace);
      fixture.write("docs/other.md", "another commit\n");
      fixture.commit("other");
      workspace = fixture.prepare("job-2");
      IndexPlace second = fixture.place(IndexKind.LUCENE, workspace);
      Files.move(first.directory(), second.directory());

      IndexForJob answer = ready(indexes, "job-2");

      assertThat(first).isNotEqualTo(second);
      assertThat(index.made).hasValue(2);
      assertThat(answer.environment().get("HOLDFAST_INDEX_NOTE"))
          .contains("damaged", "not of " + workspace.baseCommit());
    }
  }

  @Test
  void isNotRemovedWhileItIsUsed() throws Exception {
    IndexShelf shelf = fixture.shelf();
    try (CodeIndexes indexes = fixture.open(fixture.lucene())) {
      ready(indexes, "job-1");
      List<IndexShelf.Shelved> all = shelf.all();

      assertThat(all).hasSize(1);
      assertThat(all.getFirst().bytes()).isGreaterThan(1000);
      assertThat(shelf.remove(all.getFirst())).isFalse();

      indexes.release(fixture.runDirectory("job-1"));
      assertThat(shelf.remove(all.getFirst()))
          .as("a run directory names it, whose attempt may live on without its worker")
          .isFalse();

      Files.delete(fixture.runDirectory("job-1").resolve("index"));
      assertThat(shelf.remove(all.getFirst())).isTrue();
      assertThat(all.getFirst().directory()).doesNotExist();
      assertThat(ready(indexes, "job-1")).isInstanceOf(IndexForJob.Ready.class);
    }
  }

  @Test
  void isUsedAgainByAWorkerThatAdopts() throws Exception {
    try (CodeIndexes indexes = fixture.open(fixture.lucene())) {
      ready(indexes, "job-1");
    }
    IndexPlace place = fixture.place(IndexKind.LUCENE, workspace);
    assertThat(UseLocks.whileUnused(place.use(), () -> {})).isTrue();

    try (CodeIndexes successor = fixture.open(fixture.lucene())) {
      successor.keep(fixture.runDirectory("job-1"));

      assertThat(UseLocks.whileUnused(place.use(), () -> {})).isFalse();
    }
  }

  @Test
  void tellsTheJobWhenTheDiskDoesNotAllowIt() throws Exception {
    Files.writeString(fixture.indexes(), "no directory");
    try (CodeIndexes indexes = fixture.open(fixture.lucene())) {
      assertThat(ready(indexes, "job-1").environment())
          .containsEntry("HOLDFAST_INDEX_STATE", "none")
          .hasEntrySatisfying(
              "HOLDFAST_INDEX_NOTE", note -> assertThat(note).contains("on this worker"));
    }
  }

  @Test
  void aDamagedOneThatWasSetAsideMayBeRemovedWhileItsSuccessorIsUsed() throws Exception {
    IndexShelf shelf = fixture.shelf();
    try (CodeIndexes indexes = fixture.open(fixture.lucene())) {
      ready(indexes, "job-1");
      Path index = fixture.place(IndexKind.LUCENE, workspace).directory();
      Files.setPosixFilePermissions(index, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.delete(IndexPlace.manifest(index));
      ready(indexes, "job-1");

      List<IndexShelf.Shelved> all = shelf.all();
      assertThat(all).hasSize(2);
      assertThat(shelf.remove(all.getFirst())).isTrue();
      assertThat(shelf.all()).extracting(IndexShelf.Shelved::directory).containsExactly(index);
    }
  }

  @Test
  void aFullDiskLeavesNothingHalfMadeAndTheJobIsTold() throws Exception {
    Path small = Files.createDirectories(fixture.indexes());
    assumeThat(exitCode("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString()))
        .as("mounting a tmpfs needs root")
        .isZero();
    try (CodeIndexes indexes = fixture.open(fixture.lucene())) {
      assertThat(ready(indexes, "job-1").environment())
          .containsEntry("HOLDFAST_INDEX_STATE", "none")
          .hasEntrySatisfying(
              "HOLDFAST_INDEX_NOTE", note -> assertThat(note).contains("No space left"));
      IndexPlace place = fixture.place(IndexKind.LUCENE, workspace);
      assertThat(place.directory()).doesNotExist();
      assertThat(Hidden.named(place.repository(), IndexPlace.MAKING)).isEmpty();

      assertThat(exitCode("mount", "-o", "remount,size=8m", small.toString())).isZero();
      assertThat(ready(indexes, "job-1")).isInstanceOf(IndexForJob.Ready.class);
    } finally {
      assertThat(exitCode("umount", small.toString())).isZero();
    }
  }

  private static int exitCode(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Test
  void sweepsWhatAKilledWorkerLeftButNotWhatIsBeingMade() throws Exception {
    IndexPlace place = fixture.place(IndexKind.LUCENE, workspace);
    Path making = place.hidden(IndexPlace.MAKING);
    Files.createDirectories(making.resolve("data"));

    try (BuildLock _ = BuildLock.take(place.lock(), IndexFixture.patient())) {
      fixture.shelf().sweep();
      assertThat(making).exists();
    }
    fixture.shelf().sweep();
    assertThat(making).doesNotExist();
  }
}
