package dev.holdfast.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.file.Tree;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.output.Published;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoriesTest {
  private static final WorkerId WORKER = new WorkerId("w-1");

  @TempDir Path root;
  private RunDirectories directories;

  @BeforeEach
  void open() throws IOException {
    directories = RunDirectories.open(root);
  }

  private static RunFacts facts(String job, long token) {
    var spec = new JobSpec(List.of("true"), null, null, null, null, null, null, null);
    var assigned = new Order.Assigned(WORKER, 1, 2, new JobId(job), 1, new Token(token), spec);
    return new RunFacts(assigned, RunFacts.PROCESS, "boot", Instant.EPOCH);
  }

  private RunDirectory make(String job, long token) throws IOException {
    return directories.create(
        facts(job, token), directory -> Files.writeString(directory.resolve("lease"), "x"));
  }

  private static WorkerReport.Ended ended(String job, long token) {
    return new WorkerReport.Ended(
        WORKER, new JobId(job), new Token(token), new Outcome.Exited(0), OutputTotals.NONE, null);
  }

  @Test
  void findsWhatItMade() throws IOException {
    make("job-1", 7);
    make("job-1", 9);
    make("job-2", 8);

    var found = RunDirectories.open(root).lookAtAll();

    assertThat(found.damaged()).isEmpty();
    assertThat(found.whole())
        .extracting(RunDirectory::attempt)
        .containsExactlyInAnyOrder(
            new HeldAttempt(new JobId("job-1"), new Token(7)),
            new HeldAttempt(new JobId("job-1"), new Token(9)),
            new HeldAttempt(new JobId("job-2"), new Token(8)));
    assertThat(found.whole().getFirst().facts()).isEqualTo(facts("job-1", 7));
  }

  @Test
  void makesADirectoryOnce() throws IOException {
    make("job-1", 7);

    assertThatThrownBy(() -> make("job-1", 7)).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void leavesNothingBehindWhenItCannotFurnish() {
    assertThatThrownBy(() ->
            directories.create(
                facts("job-1", 7),
                directory -> {
                  throw new IOException("disk full");
                }))
        .hasMessage("disk full");

    assertThat(root.resolve(".new")).isEmptyDirectory();
    assertThat(root.resolve("job-1")).doesNotExist();
  }

  @Test
  void aCrashWhileMakingOneLeavesNothingThatCounts() throws Exception {
    Files.createDirectories(root.resolve(".new/job-1.7.123"));

    var later = RunDirectories.open(root);

    assertThat(later.lookAtAll().whole()).isEmpty();
    assertThat(later.peek()).isEmpty();
  }

  @Test
  void setsAsideWhateverByteOfItsFactsIsDamaged() throws IOException {
    Path facts = make("job-1", 7).path().resolve("run.json");
    byte[] whole = Files.readAllBytes(facts);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x01;
      int at = i;

      assertThatThrownBy(() -> RunDirectory.RUN_FACTS.open(damaged))
          .as("byte %d", at)
          .isInstanceOf(InvalidField.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}\ncrc32=00000000\n", "null"})
  void setsAsideWhatItCannotUnderstand(String content) throws IOException {
    Path broken = make("job-1", 7).path();
    make("job-1", 8);
    Files.writeString(broken.resolve("run.json"), content);

    var found = directories.lookAtAll();

    assertThat(found.whole()).extracting(run -> run.attempt().token().value()).containsExactly(8L);
    assertThat(found.damaged()).hasSize(1);
    assertThat(found.damaged().getFirst().resolve("run.json")).hasContent(content);
    assertThat(broken).doesNotExist();
  }

  @Test
  void setsAsideADirectoryWithoutFactsOrUnderAnotherName() throws IOException {
    Files.createDirectories(root.resolve("job-1/5"));
    Path moved = root.resolve("job-2");
    Files.createDirectories(moved);
    Files.move(make("job-1", 7).path(), moved.resolve("7"));

    var found = directories.lookAtAll();

    assertThat(found.whole()).isEmpty();
    assertThat(found.damaged()).hasSize(2);
  }

  @Test
  void retiringTakesItOutOfSightAtOnce() throws Exception {
    var directory = make("job-1", 7);

    Path gone = directories.retire(directory);

    assertThat(directory.path()).doesNotExist();
    assertThat(root.resolve("job-1")).doesNotExist();
    assertThat(gone).exists();
    assertThat(directories.lookAtAll().whole()).isEmpty();
    assertThat(directories.peek()).isEmpty();
  }

  @Test
  void deletesWhatAJobHasLockedAway() throws IOException {
    var directory = make("job-1", 7);
    Path inner = Files.createDirectories(directory.work().resolve("a/b"));
    Files.writeString(inner.resolve("file"), "x");
    Files.setPosixFilePermissions(
        directory.work().resolve("a"),
        java.nio.file.attribute.PosixFilePermissions.fromString("---------"));
    Files.createSymbolicLink(directory.path().resolve("link"), root);

    Tree.delete(directories.retire(directory));

    assertThat(root.resolve(".trash")).isEmptyDirectory();
    assertThat(root).exists();
  }

  @Test
  void remembersTheConclusion() throws IOException {
    var directory = make("job-1", 7);
    assertThat(directory.conclusion()).isEmpty();

    directory.conclude(ended("job-1", 7));

    assertThat(directories.lookAtAll().whole().getFirst().conclusion()).contains(ended("job-1", 7));
  }

  @Test
  void doesNotBelieveADamagedConclusion() throws IOException {
    var directory = make("job-1", 7);
    directory.conclude(ended("job-1", 7));
    Path file = directory.path().resolve("result.json");
    Files.writeString(file, Files.readString(file).replace("\"code\":0", "\"code\":1"));

    assertThat(directory.conclusion()).isEmpty();
    assertThat(file).doesNotExist();
    try (var files = Files.list(directory.path())) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .anyMatch(name -> name.startsWith("result.json.damaged"));
    }
  }

  @Test
  void remembersHowFarOutputIsPublishedAndStartsOverWhenThatIsDamaged() throws IOException {
    var directory = make("job-1", 7);
    assertThat(directory.published()).isEqualTo(Published.NOTHING);

    directory.keep(new Published(12, 34));
    assertThat(directory.published()).isEqualTo(new Published(12, 34));

    Files.writeString(directory.path().resolve("published"), "nonsense");
    assertThat(directory.published()).isEqualTo(Published.NOTHING);
  }
}
