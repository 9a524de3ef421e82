package dev.holdfast.worker.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Takes everybody's right to write to an index away: many jobs read it, and none may change it. */
final class Rights {
  private Rights() {}

  static void readOnly(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.toList();
    }
    for (Path path : all) {
      if (!Files.isSymbolicLink(path)) {
        boolean folder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        Files.setPosixFilePermissions(
            path, PosixFilePermissions.fromString(folder ? "r-xr-xr-x" : "r--r--r--"));
      }
    }
  }
}
