package dev.holdfast.worker.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.run.RunFacts;
import dev.holdfast.worker.workspace.GitSettings;
import dev.holdfast.worker.workspace.GitWorkspaces;
import dev.holdfast.worker.workspace.RepositoryRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Run directories whose assignment has a flipped byte, with a job's work in them. */
class RescueTest {
  @TempDir Path temporary;
  private RunDirectories runs;
  private GitWorkspaces workspaces;
  private Rescue rescue;
  private RunDirectory attempt;

  @BeforeEach
  void work() throws Exception {
    Path repository = temporary.resolve("repository");
    try (Git git = Git.init().setDirectory(repository.toFile()).call()) {
      Files.writeString(repository.resolve("README"), "readme\n");
      git.add().addFilepattern(".").call();
      git.commit().setMessage("first").setAuthor("a", "a@x").setCommitter("a", "a@x").call();
    }
    runs = RunDirectories.open(temporary.resolve("runs"));
    workspaces =
        new GitWorkspaces(
            new GitSettings(
                temporary.resolve("mirrors"), Duration.ofSeconds(5), temporary.resolve("ssh")),
            InstantSource.system());
    var shelf = new Shelf(temporary.resolve("saved"), 1_000_000, InstantSource.system());
    rescue = new Rescue(shelf, () -> workspaces);
    var spec = new JobSpec(List.of("true"), null, null, null, null, null, null, null);
    var assigned =
        new Order.Assigned(new WorkerId("w-1"), 1, 1, new JobId("job-1"), 1, new Token(7), spec);
    attempt =
        runs.create(
            new RunFacts(assigned, RunFacts.PROCESS, "boot", Instant.EPOCH), directory -> {});
    workspaces.prepare(
        attempt.work(),
        new RepositoryRef(repository.toString(), Optional.empty()),
        "holdfast/job-1",
        () -> false);
  }

  /** As the next start of the worker sets it aside. */
  private Path damaged() throws IOException {
    Path facts = attempt.path().resolve("run.json");
    byte[] bytes = Files.readAllBytes(facts);
    bytes[bytes.length / 2] ^= 1;
    Files.write(facts, bytes);
    return runs.lookAtAll().damaged().getFirst();
  }

  private Path place(Path damaged) {
    return temporary.resolve("saved").resolve(damaged.getFileName());
  }

  @Test
  void bundlesWhatADamagedRunDirectoryHolds() throws IOException {
    Files.writeString(attempt.work().resolve("new.txt"), "precious\n");
    Path damaged = damaged();

    rescue.workIn(damaged);

    assertThat(place(damaged).resolve("changes.bundle")).isNotEmptyFile();
    assertThat(place(damaged).resolve("about.txt"))
        .content()
        .contains("job-1.7.", "base commit", "holdfast/job-1");
  }

  @Test
  void takesTheWorkTreeItselfIfItIsForgottenHowItWasMade() throws IOException {
    Files.writeString(attempt.work().resolve("new.txt"), "precious\n");
    Files.writeString(
        attempt.path().resolve("work.ready"), "?", java.nio.file.StandardOpenOption.APPEND);
    Path damaged = damaged();

    rescue.workIn(damaged);

    assertThat(place(damaged).resolve("work/new.txt")).hasContent("precious");
  }

  @Test
  void shelvesNothingOfAJobThatHasDoneNothing() throws IOException {
    rescue.workIn(damaged());

    assertThat(temporary.resolve("saved")).isEmptyDirectory();
  }

  @Test
  void namesTheAttemptOfAWholeRunDirectoryThatNobodyHolds() throws IOException {
    Files.writeString(attempt.work().resolve("new.txt"), "precious\n");

    rescue.workIn(attempt.path());

    assertThat(temporary.resolve("saved/job-1-7/changes.bundle")).exists();
  }
}
