package dev.holdfast.worker.index;

import dev.holdfast.runtime.file.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What lies beside the indexes under names of its own: half made, damaged, or on its way out. */
final class Hidden {
  private Hidden() {}

  /** Deletes all of one index that bears the prefix; its lock is held. */
  static void deleteOf(IndexPlace place, String prefix) throws IOException {
    for (Path path : of(place, prefix)) {
      Tree.delete(path);
    }
  }

  /** Deletes what was not made to its end, and first ends what is still at it; its lock is held. */
  static void deleteHalfMade(IndexPlace place) throws IOException {
    for (Path making : of(place, IndexPlace.MAKING)) {
      MakingProgram.endIn(making);
      Tree.delete(making);
    }
  }

  /** All of one index that bears the prefix. */
  static List<Path> of(IndexPlace place, String prefix) throws IOException {
    return named(place.repository(), prefix + place.name() + ".");
  }

  /** What bears the prefix. */
  static List<Path> named(Path repository, String prefix) throws IOException {
    try (Stream<Path> entries = Files.list(repository)) {
      return entries.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
    }
  }
}
