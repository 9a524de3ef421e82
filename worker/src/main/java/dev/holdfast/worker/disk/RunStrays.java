package dev.holdfast.worker.disk;

import dev.holdfast.runtime.file.Tree;
import dev.holdfast.worker.run.RunDirectories;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What among the run directories belongs to no attempt that this worker holds. */
public final class RunStrays implements Stray.Finder {
  private static final Duration EVIDENCE_KEPT = Duration.ofDays(7);

  private final RunDirectories runs;
  private final Predicate<Path> held;
  private final Clearing clearing;
  private final Rescue rescue;
  private final Trash trash;
  private final InstantSource clock;

  /** Makes sure that nothing runs any more in a directory that is about to be deleted. */
  public interface Clearing {
    void clear(Path directory) throws IOException, InterruptedException;
  }

  /** Takes out of a directory what must not go with it. */
  public interface Rescue {
    /**
     * Makes sure that the work of a job in there is safe elsewhere.
     *
     * @throws IOException if that cannot be done; then the directory stays
     */
    void workIn(Path directory) throws IOException;
  }

  /** How a directory is made ready to go. */
  public record Care(Clearing clearing, Rescue rescue) {}

  /**
   * Finds them.
   *
   * @param held whether the worker holds the attempt of this directory, {@code JOB/TOKEN}
   */
  public RunStrays(
      RunDirectories runs, Predicate<Path> held, Care care, Trash trash, InstantSource clock) {
    this.runs = runs;
    this.held = held;
    this.clearing = care.clearing();
    this.rescue = care.rescue();
    this.trash = trash;
    this.clock = clock;
  }

  @Override
  public List<Stray> find() throws IOException {
    var strays = new ArrayList<Stray>();
    for (Path entry : Entries.of(runs.fresh())) {
      strays.add(PathStray.of("run-half-made", entry, this::remove));
    }
    for (Path entry : Entries.of(runs.damaged())) {
      if (Entries.olderThan(entry, EVIDENCE_KEPT, clock.instant())) {
        strays.add(PathStray.of("run-damaged", entry, this::remove));
      }
    }
    for (Path entry : Entries.of(runs.trash())) {
      strays.add(PathStray.trash("run-trash", entry, this::delete));
    }
    for (Path job : Entries.of(runs.root())) {
      if (!Entries.hidden(job)) {
        strays.addAll(inJob(job));
      }
    }
    return strays;
  }

  private List<Stray> inJob(Path job) throws IOException {
    if (!Entries.isDirectory(job)) {
      return List.of(PathStray.of("run-file", job, trash::delete));
    }
    var strays = new ArrayList<Stray>();
    List<Path> attempts = Entries.of(job);
    for (Path attempt : attempts) {
      if (!Entries.isDirectory(attempt)) {
        strays.add(PathStray.of("run-file", attempt, trash::delete));
      } else if (!held.test(attempt)) {
        strays.add(PathStray.unless(this::heldBy, "run-directory", attempt, this::remove));
      }
    }
    if (attempts.isEmpty()) {
      strays.add(PathStray.of("run-file", job, Tree::deleteIfEmpty));
    }
    return strays;
  }

  private Optional<String> heldBy(Path attempt) {
    return held.test(attempt) ? Optional.of("the worker holds this attempt") : Optional.empty();
  }

  private void remove(Path directory) throws IOException, InterruptedException {
    clearing.clear(directory);
    rescue.workIn(directory);
    trash.delete(directory);
    Path job = directory.getParent();
    if (job != null && !Entries.hidden(job)) {
      Tree.deleteIfEmpty(job);
    }
  }

  private void delete(Path directory) throws IOException, InterruptedException {
    clearing.clear(directory);
    Tree.delete(directory);
  }
}
