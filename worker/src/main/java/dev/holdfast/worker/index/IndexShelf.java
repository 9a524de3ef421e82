package dev.holdfast.worker.index;

import dev.holdfast.runtime.file.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All indexes on the disk, for whoever has to make room there. */
public final class IndexShelf {
  private final Path root;
  private final Path runs;

  /**
   * Looks at nothing yet.
   *
   * @param runs the worker's run directories, which name the indexes that their attempts use
   */
  public IndexShelf(Path root, Path runs) {
    this.root = root.toAbsolutePath();
    this.runs = runs;
  }

  /**
   * An index that could be removed.
   *
   * @param lastUsed when a job was last given it; long ago for what was set aside as damaged
   */
  public record Shelved(Path directory, Instant lastUsed, long bytes) {}

  /** All of them, the longest unused first. */
  public List<Shelved> all() throws IOException {
    var shelved = new ArrayList<Shelved>();
    for (Path repository : entries(root)) {
      for (Path entry : entries(repository)) {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
            && (!name.startsWith(".") || name.startsWith(IndexPlace.DAMAGED))) {
          shelved.add(new Shelved(entry, lastUsed(entry), bytes(entry)));
        }
      }
    }
    shelved.sort(Comparator.comparing(Shelved::lastUsed));
    return shelved;
  }

  private static Instant lastUsed(Path index) throws IOException {
    if (index.getFileName().toString().startsWith(IndexPlace.DAMAGED)) {
      return Instant.EPOCH;
    }
    try {
      return Files.getLastModifiedTime(IndexPlace.lastUsed(index)).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.EPOCH;
    }
  }

  private static long bytes(Path index) throws IOException {
    return Fingerprints.stamps(index).values().stream().mapToLong(Fingerprints.Stamp::bytes).sum();
  }

  /** Removes an index, unless it is used, checked or made just now; answers whether it did. */
  public boolean remove(Shelved index) throws IOException {
    IndexPlace place = placeOf(index.directory());
    Optional<BuildLock> lock = BuildLock.tryTake(place.lock());
    if (lock.isEmpty()) {
      return false;
    }
    try (BuildLock _ = lock.get()) {
      Path trash = place.hidden(IndexPlace.TRASH);
      if (index.directory().equals(place.directory())) {
        UseLocks.whileUnused(
            place.use(),
            () -> {
              if (!UseNote.named(runs).contains(place.directory())) {
                moveAway(index.directory(), trash);
              }
            });
      } else {
        // Set aside as damaged: whoever is said to use the index uses the one made since.
        moveAway(index.directory(), trash);
      }
      boolean removed = Files.exists(trash);
      Tree.delete(trash);
      return removed;
    }
  }

  private static void moveAway(Path index, Path trash) throws IOException {
    if (Files.exists(index)) {
      Files.move(index, trash, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * Deletes what a worker that was killed has left half made or half deleted; what is still making
   * it is ended.
   */
  public void sweep() throws IOException {
    for (Path repository : entries(root)) {
      for (String prefix : List.of(IndexPlace.MAKING, IndexPlace.TRASH)) {
        for (Path left : Hidden.named(repository, prefix)) {
          Optional<BuildLock> lock = BuildLock.tryTake(placeOf(left).lock());
          if (lock.isPresent()) {
            try (BuildLock _ = lock.get()) {
              MakingProgram.endIn(left);
              Tree.delete(left);
            }
          }
        }
      }
    }
  }

  /** Also for the hidden names, which are prefix, name, dot, number. */
  private static IndexPlace placeOf(Path directory) {
    IndexPlace place = IndexPlace.at(directory);
    String name = place.name();
    for (String prefix : List.of(IndexPlace.MAKING, IndexPlace.DAMAGED, IndexPlace.TRASH)) {
      if (name.startsWith(prefix)) {
        name = name.substring(prefix.length(), name.lastIndexOf('.'));
      }
    }
    return new IndexPlace(place.repository(), name);
  }

  private static List<Path> entries(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
