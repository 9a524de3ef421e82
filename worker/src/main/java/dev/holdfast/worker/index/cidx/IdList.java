package dev.holdfast.worker.index.cidx;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The list of vectors by id: a count of 4 bytes, then for each an id and a path, each behind its
 * length of 2 bytes; little-endian.
 */
final class IdList {
  private static final long MOST = 10_000_000;

  private IdList() {}

  static boolean isSound(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file);
        var in = new DataInputStream(new java.io.BufferedInputStream(bytes))) {
      long count = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
      if (count > MOST) {
        return false;
      }
      for (long strings = 2 * count; strings > 0; strings--) {
        in.skipNBytes(Short.toUnsignedInt(Short.reverseBytes(in.readShort())));
      }
      return in.read() < 0;
    } catch (EOFException e) {
      return false;
    }
  }
}
