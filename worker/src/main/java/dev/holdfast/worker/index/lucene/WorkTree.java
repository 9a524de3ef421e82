package dev.holdfast.worker.index.lucene;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files as they are now, to tell which answers of an index are of yesterday.
 *
 * @param top of the work tree; empty if there is none to compare with
 */
record WorkTree(Optional<Path> top) {

  /** The work tree that a directory is in. */
  static WorkTree around(Path directory) {
    for (Path here = directory.toAbsolutePath(); here != null; here = here.getParent()) {
      if (Files.exists(here.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
        return new WorkTree(Optional.of(here));
      }
    }
    return new WorkTree(Optional.empty());
  }

  /** Whether the file has another text now, or is gone. */
  boolean differs(String path, String indexed) {
    if (top.isEmpty()) {
      return false;
    }
    try {
      byte[] now = Files.readAllBytes(top.get().resolve(path));
      return !indexed.equals(new String(now, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return true;
    }
  }
}
