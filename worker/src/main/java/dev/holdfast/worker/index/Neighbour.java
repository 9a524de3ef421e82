package dev.holdfast.worker.index;

import dev.holdfast.worker.index.CodeIndex.Earlier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The index of another commit of the same repository, sound, from which a new one can be made.
 * While it is open, nobody removes it.
 */
final class Neighbour implements AutoCloseable {
  static final Neighbour NONE = new Neighbour(null);

  private final @Nullable IndexPlace place;

  private Neighbour(@Nullable IndexPlace place) {
    this.place = place;
  }

  /** The one that was used last, if there is any. */
  static Neighbour of(IndexPlace wanted, CodeIndex index, Inspection inspection)
      throws IOException {
    String kind = IndexPlace.name(index.kind()) + "-";
    var byUse = new ArrayList<Map.Entry<Path, FileTime>>();
    for (Path directory : directories(wanted.repository(), kind)) {
      try {
        byUse.add(Map.entry(directory, Files.getLastModifiedTime(IndexPlace.lastUsed(directory))));
      } catch (NoSuchFileException e) {
        // Damaged or just removed: not one to start from.
        continue;
      }
    }
    byUse.sort(Map.Entry.<Path, FileTime>comparingByValue(Comparator.reverseOrder()));
    for (var entry : byUse) {
      IndexPlace place = IndexPlace.at(entry.getKey());
      UseLocks.join(place.use());
      if (inspection
          .damage(place.directory(), index, place.name().substring(kind.length()))
          .isEmpty()) {
        return new Neighbour(place);
      }
      UseLocks.leave(place.use());
    }
    return NONE;
  }

  private static List<Path> directories(Path repository, String kind) throws IOException {
    try (Stream<Path> entries = Files.list(repository)) {
      return entries
          .filter(path -> path.getFileName().toString().startsWith(kind))
          .filter(Files::isDirectory)
          .toList();
    }
  }

  Optional<Earlier> earlier() {
    return Optional.ofNullable(place).map(found -> new Earlier(found.data(), false, List.of()));
  }

  @Override
  public void close() throws IOException {
    if (place != null) {
      UseLocks.leave(place.use());
    }
  }
}
