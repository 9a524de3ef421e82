package dev.holdfast.worker.keep;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.file.Tree;
import dev.holdfast.worker.run.RunDirectory;
import dev.holdfast.worker.workspace.CollectLimits;
import dev.holdfast.worker.workspace.SavedWork;
import dev.holdfast.worker.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
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

  /** Returns where it is now; empty if there was nothing that is not safe elsewhere. */
  synchronized Optional<Path> keep(
      RunDirectory attempt, Workspaces workspaces, Optional<String> known) throws IOException {
    if (workspaces.prepared(attempt.work()).isEmpty() || !Files.isDirectory(attempt.work())) {
      return Optional.empty();
    }
    String name = attempt.attempt().job() + "-" + attempt.attempt().token();
    Path unfinished = directory.resolve(UNFINISHED + name);
    Tree.delete(unfinished);
    Files.createDirectories(unfinished);
    try {
      SavedWork saved = workspaces.save(attempt.work(), unfinished, limits(), known);
      boolean safe =
          saved.state().isPresent() && (saved.untouched() || saved.state().equals(known));
      if (safe) {
        return Optional.empty();
      }
      if (saved.bundle().isEmpty()) {
        Files.move(attempt.work(), unfinished.resolve("work"), StandardCopyOption.ATOMIC_MOVE);
      }
      about(unfinished, attempt, workspaces, saved);
      Path place = directory.resolve(name);
      Tree.delete(place);
      Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
      Tree.force(directory);
      log.warn("unsaved work of {} is kept in {}", attempt.attempt(), place);
      prune(place);
      return Optional.of(place);
    } finally {
      Tree.delete(unfinished);
    }
  }

  /** Whatever there is, up to what the shelf may hold. */
  private CollectLimits limits() {
    long most = Math.max(1, mostBytes);
    return new CollectLimits(1, most, most);
  }

  private void about(Path entry, RunDirectory attempt, Workspaces workspaces, SavedWork saved)
      throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("attempt: ").append(attempt.attempt()).append('\n');
    text.append("saved: ").append(clock.instant()).append('\n');
    workspaces
        .prepared(attempt.work())
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
