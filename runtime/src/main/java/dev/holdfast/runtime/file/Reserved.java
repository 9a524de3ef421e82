package dev.holdfast.runtime.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * Room set aside while there is some, so that a small file can be written when the disk is full:
 * blocks and an inode that are there already are written over and renamed, which needs no new ones.
 * True of ext4, xfs and tmpfs; a file system that copies on write may need a block all the same.
 */
public final class Reserved {
  /** Ends the name of the room that is set aside for a file. */
  public static final String SUFFIX = ".reserved";

  private static final byte PADDING = '\n';

  private Reserved() {}

  /** Sets room aside for a file that is yet to be written; it lies beside the file. */
  public static void room(Path file, int bytes) throws IOException {
    byte[] blank = new byte[bytes];
    Arrays.fill(blank, PADDING);
    try (FileChannel channel = FileChannel.open(roomOf(file), WRITE, CREATE)) {
      writeAll(channel, blank);
    }
  }

  /**
   * Creates or replaces the file as durably as {@link AtomicFile#write}. If that fails, the room
   * set aside for it is used, once; a failed sync, too, is answered by a file of its own.
   */
  public static void write(Path file, byte[] content) throws IOException {
    try {
      AtomicFile.write(file, content);
    } catch (IOException failure) {
      Path room = roomOf(file);
      if (!Files.exists(room) || Files.size(room) < content.length) {
        throw failure;
      }
      try {
        use(room, file, content);
      } catch (IOException again) {
        again.addSuppressed(failure);
        throw again;
      }
    }
  }

  private static void use(Path room, Path file, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(room, WRITE)) {
      writeAll(channel, content);
      channel.truncate(content.length);
      channel.force(true);
    }
    Files.move(room, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    AtomicFile.syncName(file);
  }

  /**
   * Replaces the file; if there is no room for a new one, writes over the old one where it lies. A
   * reader may then see it torn, and so may everybody after a power cut: only for a file whose
   * readers take a torn one for none.
   *
   * @param content no file of it may be longer than a block
   */
  public static void overwrite(Path file, byte[] content) throws IOException {
    try {
      AtomicFile.replace(file, content);
    } catch (IOException failure) {
      if (!Files.exists(file)) {
        throw failure;
      }
      try (FileChannel channel = FileChannel.open(file, WRITE)) {
        writeAll(channel, content);
        channel.truncate(content.length);
      } catch (IOException again) {
        again.addSuppressed(failure);
        throw again;
      }
    }
  }

  private static Path roomOf(Path file) {
    return file.resolveSibling(file.getFileName() + SUFFIX);
  }

  private static void writeAll(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
