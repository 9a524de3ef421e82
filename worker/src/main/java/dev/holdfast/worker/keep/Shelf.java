package dev.holdfast.worker.keep;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.file.Tree;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.workspace.CollectLimits;
import dev.holdfast.worker.workspace.SavedWork;
import dev.holdfast.worker.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the work lies of attempts that the cell wants nothing more of: a directory for each, with a
 * bundle, or, if no bundle could be made, the workspace itself. People find it by the log.
 */
public final class Shelf {
  private static final Logger log = LoggerFactory.getLogger(Shelf.class);
  private static final Duration OLDEST = Duration.ofDays(30);
  private static final String UNFINISHED = ".new-";

  private final Path directory;
  private final long mostBytes;
  private final InstantSource clock;

  /**
   * @param directory made when first needed; on the same file system as the run directories
   * @param mostBytes of all entries together, but for the newest
   */
  public Shelf(Path directory, long mostBytes, InstantSource clock) {
    this.directory = directory;
    this.mostBytes = mostBytes;
    this.clock = clock;
  }

  /**
   * A run directory that is about to go.
   *
   * @param name of its place on the shelf
   * @param path where its workspace is, in {@code work}
   */
  public record Leaving(String name, Path path) {
    static Leaving of(RunDirectory attempt) {
      return new Leaving(attempt.attempt().job() + "-" + attempt.attempt().token(), attempt.path());
    }

    private Path work() {
      return path.resolve("work");
    }

    /** Whether a job may have worked in there: before that, nothing is anybody's work. */
    boolean hasWork() {
      return Files.isDirectory(work(), LinkOption.NOFOLLOW_LINKS)
          && Files.exists(path.resolve("work.ready"), LinkOption.NOFOLLOW_LINKS);
    }
  }

  /**
   * Returns where it is now; empty if there was nothing that is not safe elsewhere. What a bundle
   * does not hold stays in the work tree, so that goes onto the shelf too, whole.
   */
  public synchronized Optional<Path> keep(
      Leaving leaving, Workspaces workspaces, Optional<String> known) throws IOException {
    if (!leaving.hasWork()) {
      return Optional.empty();
    }
    Path unfinished = directory.resolve(UNFINISHED + leaving.name());
    Tree.delete(unfinished);
    Files.createDirectories(unfinished);
    try {
      SavedWork saved = save(leaving, workspaces, unfinished, known);
      if (saved.isAllIn(known)) {
        return Optional.empty();
      }
      about(unfinished, leaving, workspaces, saved);
      Path place = directory.resolve(leaving.name());
      Tree.delete(place);
      Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
      if (saved.bundle().isEmpty() || saved.leftOut() > 0) {
        // Last, for what is unfinished is deleted: by a failure here, and after a kill.
        Files.move(leaving.work(), place.resolve("work"), StandardCopyOption.ATOMIC_MOVE);
        Tree.force(place);
      }
      Tree.force(directory);
      log.warn("unsaved work of {} is kept in {}", leaving.name(), place);
      prune(place);
      return Optional.of(place);
    } finally {
      Tree.delete(unfinished);
    }
  }

  /** No bug may stand between a work tree and the shelf. */
  private SavedWork save(
      Leaving leaving, Workspaces workspaces, Path unfinished, Optional<String> known) {
    try {
      return workspaces.save(leaving.work(), unfinished, limits(), known);
    } catch (RuntimeException e) {
      log.warn("the work of {} cannot be bundled", leaving.name(), e);
      return new SavedWork(
          Optional.empty(), false, Optional.empty(), 1, List.of("not bundled: " + e));
    }
  }

  /** Whatever there is, up to what the shelf may hold. */
  private CollectLimits limits() {
    long most = Math.max(1, mostBytes);
    return new CollectLimits(1, most, most);
  }

  private void about(Path entry, Leaving leaving, Workspaces workspaces, SavedWork saved)
      throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("attempt: ").append(leaving.name()).append('\n');
    text.append("saved: ").append(clock.instant()).append('\n');
    workspaces
        .prepared(leaving.work())
        .ifPresent(prepared -> {
          text.append("repository: ").append(prepared.repository()).append('\n');
          text.append("base commit: ").append(prepared.baseCommit()).append('\n');
          text.append("branch: ").append(prepared.workBranch()).append('\n');
        });
    saved.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    AtomicFile.write(entry.resolve("about.txt"), text.toString());
  }

  private record Entry(Path path, Instant savedAt, long bytes) {}

  /** The oldest go first; the newest stays, whatever its size. */
  private void prune(Path newest) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path path : all.filter(path -> !path.equals(newest)).toList()) {
        entries.add(new Entry(path, Files.getLastModifiedTime(path).toInstant(), bytes(path)));
      }
    }
    entries.sort(Comparator.comparing(Entry::savedAt).reversed());
    long total = bytes(newest);
    for (Entry entry : entries) {
      total += entry.bytes();
      if (total > mostBytes || entry.savedAt().isBefore(clock.instant().minus(OLDEST))) {
        log.warn("the shelf is full or {} is too old: it is deleted", entry.path());
        Tree.delete(entry.path());
        total -= entry.bytes();
      }
    }
  }

  private static long bytes(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
