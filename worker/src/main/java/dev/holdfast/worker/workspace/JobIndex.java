package dev.holdfast.worker.workspace;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.util.FS;

/** Which files the job's git tracks. */
final class JobIndex {

  /** No entry of any index version is smaller. */
  private static final int SMALLEST_ENTRY_BYTES = 62;

  private JobIndex() {}

  static DirCache read(Path file, FS fs) throws IOException {
    requireSaneCount(file);
    return DirCache.read(file.toFile(), fs);
  }

  /** As if freshly checked out: every file is compared by its content. */
  static DirCache ofTree(ObjectReader reader, ObjectId tree) throws IOException {
    return DirCache.read(reader, tree);
  }

  /** JGit makes room for as many entries as the header claims, up to an OutOfMemoryError. */
  private static void requireSaneCount(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      in.skipNBytes(8);
      long entries = Integer.toUnsignedLong(in.readInt());
      if (entries * SMALLEST_ENTRY_BYTES > Files.size(file)) {
        throw new IOException(
            "the index claims " + entries + " entries, more than it has room for");
      }
    }
  }
}
