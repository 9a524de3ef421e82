package dev.holdfast.worker.disk;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.file.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Where things go to be deleted. The rename takes a thing out of everybody's sight in one step and
 * needs no room; what a killed deletion leaves in here is nobody's, and can be recognised as that.
 */
public final class Trash {
  private final Path directory;
  private final AtomicLong unique = new AtomicLong(System.currentTimeMillis());

  private Trash(Path directory) {
    this.directory = directory;
  }

  /** Opens, or makes, a directory of trash; it must be in the file system of what goes there. */
  public static Trash in(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new Trash(directory);
  }

  /** Takes something out of sight, surely; answers where it is now. */
  public Path take(Path thing) throws IOException {
    Path gone = directory.resolve(thing.getFileName() + "." + unique.incrementAndGet());
    Files.move(thing, gone, StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.syncName(thing);
    return gone;
  }

  /** Takes something out of sight and deletes it; does nothing where there is nothing. */
  public void delete(Path thing) throws IOException {
    if (Files.exists(thing, LinkOption.NOFOLLOW_LINKS)) {
      Tree.delete(take(thing));
    }
  }

  List<Path> content() throws IOException {
    try (Stream<Path> things = Files.list(directory)) {
      return things.sorted().toList();
    }
  }
}
