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
import dev.holdfast.worker.workspace.CollectLimits;
import dev.holdfast.worker.workspace.Collected;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import dev.holdfast.worker.workspace.RepositoryRef;
import dev.holdfast.worker.workspace.SavedWork;
import dev.holdfast.worker.workspace.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShelfTest {
  private static final long MOST_BYTES = 10_000;

  @TempDir Path temporary;
  private RunDirectories runs;
  private Shelf shelf;

  @BeforeEach
  void open() throws IOException {
    runs = RunDirectories.open(temporary.resolve("runs"));
    shelf = new Shelf(temporary.resolve("saved"), MOST_BYTES, InstantSource.system());
  }

  private RunDirectory attempt(long token) throws IOException {
    var spec = new JobSpec(List.of("true"), null, null, null, null, null, null, null);
    var assigned =
        new Order.Assigned(
            new WorkerId("w-1"), 1, 1, new JobId("job-1"), 1, new Token(token), spec);
    var facts = new RunFacts(assigned, RunFacts.PROCESS, "boot", Instant.EPOCH);
    return runs.create(
        facts,
        directory -> {
          Files.createDirectory(directory.resolve("work"));
          Files.writeString(directory.resolve("work/file"), "precious");
          Files.writeString(directory.resolve("work.ready"), "how it was made");
        });
  }

  private Path keep(long token, Bundles workspaces) throws IOException {
    return keep(attempt(token), workspaces).orElseThrow();
  }

  private Optional<Path> keep(RunDirectory attempt, Bundles workspaces) throws IOException {
    return shelf.keep(Shelf.Leaving.of(attempt), workspaces, Optional.empty());
  }

  @Test
  void keepsTheWorkTreeItselfWhenNoBundleCanBeMade() throws IOException {
    RunDirectory attempt = attempt(1);

    Path place = keep(attempt, new Bundles(0)).orElseThrow();

    assertThat(place.resolve("work/file")).hasContent("precious");
    assertThat(place.resolve("about.txt")).content().contains("job-1", "base commit: 0000");
    assertThat(attempt.work()).doesNotExist();
    assertThat(keep(attempt, new Bundles(0))).as("a second time, after a crash").isEmpty();
    assertThat(place.resolve("work/file")).exists();
  }

  @Test
  void keepsTheWorkTreeBesideABundleThatDoesNotHoldAll() throws IOException {
    RunDirectory attempt = attempt(1);

    Path place = keep(attempt, new Bundles(10, 1)).orElseThrow();

    assertThat(place.resolve("changes.bundle")).hasSize(10);
    assertThat(place.resolve("work/file")).hasContent("precious");
    assertThat(place.resolve("about.txt")).content().contains("note: left out 1");
  }

  @Test
  void keepsNothingOfAWorkTreeThatWasNeverComplete() throws IOException {
    RunDirectory attempt = attempt(1);
    Files.delete(attempt.path().resolve("work.ready"));

    assertThat(keep(attempt, new Bundles(0))).isEmpty();
  }

  @Test
  void shedsTheOldestAndNeverTheNewest() throws IOException {
    Path first = keep(1, new Bundles(4_000));
    age(first, Duration.ofHours(2));
    Path second = keep(2, new Bundles(4_000));
    age(second, Duration.ofHours(1));
    assertThat(first).exists();

    Path third = keep(3, new Bundles(4_000));
    assertThat(first).doesNotExist();
    assertThat(second).exists();

    Path huge = keep(4, new Bundles(20_000));
    assertThat(second).doesNotExist();
    assertThat(third).doesNotExist();
    assertThat(huge.resolve("changes.bundle")).hasSize(20_000);
  }

  @Test
  void shedsWhatIsAMonthOld() throws IOException {
    Path first = keep(1, new Bundles(10));
    age(first, Duration.ofDays(31));

    keep(2, new Bundles(10));

    assertThat(first).doesNotExist();
  }

  private static void age(Path entry, Duration by) throws IOException {
    Files.setLastModifiedTime(entry, FileTime.from(Instant.now().minus(by)));
  }

  /** Workspaces whose changes take so many bytes; none for those that cannot be bundled. */
  private record Bundles(int bytes, int leftOut) implements Workspaces {
    Bundles(int bytes) {
      this(bytes, 0);
    }

    @Override
    public PreparedWorkspace prepare(
        Path directory,
        RepositoryRef repository,
        String branch,
        Optional<Path> savedWork,
        BooleanSupplier cancelled) {
      throw new UnsupportedOperationException("the shelf makes no workspace");
    }

    @Override
    public Optional<PreparedWorkspace> prepared(Path directory) {
      return Optional.of(
          new PreparedWorkspace(
              directory, "/r", Optional.empty(), "0000", "holdfast/job-1", directory, List.of()));
    }

    @Override
    public SavedWork save(
        Path workspace, Path directory, CollectLimits limits, Optional<String> known) {
      if (bytes == 0) {
        return new SavedWork(
            Optional.empty(), false, Optional.empty(), leftOut, List.of("unreadable"));
      }
      try {
        Path bundle = Files.write(directory.resolve("changes.bundle"), new byte[bytes]);
        return new SavedWork(
            Optional.of("state"),
            false,
            Optional.of(bundle),
            leftOut,
            List.of("left out " + leftOut));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Collected collect(Path workspace, Path results, CollectLimits limits) {
      throw new UnsupportedOperationException("the shelf collects nothing");
    }

    @Override
    public void remove(Path workspace) {
      throw new UnsupportedOperationException("the shelf removes nothing");
    }
  }
}
