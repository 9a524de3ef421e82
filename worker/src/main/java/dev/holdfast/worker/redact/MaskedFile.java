package dev.holdfast.worker.redact;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads a file through a mask. */
public final class MaskedFile {
  private static final int BLOCK_BYTES = 64 * 1024;

  private final FileChannel channel;
  private final Mask mask;

  /** Leaves the channel's own position alone. */
  public MaskedFile(FileChannel channel, Mask mask) {
    this.channel = channel;
    this.mask = mask;
  }

  /**
   * The bytes from there on, masked.
   *
   * @param length at most so many; fewer only at the end of the file
   */
  public byte[] read(long offset, int length) throws IOException {
    if (mask.isNone()) {
      return raw(offset, length);
    }
    int before = (int) Math.min(offset, mask.reach());
    byte[] around = raw(offset - before, before + length + mask.reach());
    int end = Math.min(around.length, before + length);
    return end <= before ? new byte[0] : Arrays.copyOfRange(mask.bytes(around), before, end);
  }

  /**
   * How many bytes of a file that still grows no later byte can change any more: the others may be
   * the beginning of a secret.
   */
  public long settledBytes(long size) throws IOException {
    if (mask.reach() == 0) {
      return size;
    }
    int length = (int) Math.min(size, mask.reach());
    byte[] tail = raw(size - length, length);
    return size - length + mask.openFrom(tail);
  }

  /** Takes one block of a file after the other. */
  public interface Sink {
    void take(byte[] block) throws IOException;
  }

  /** Masks a whole file where it lies. */
  public static void mask(Path file, Mask mask) throws IOException {
    Path masked = file.resolveSibling(file.getFileName() + ".masked");
    try (OutputStream out = Files.newOutputStream(masked)) {
      read(file, mask, out::write);
    }
    Files.move(masked, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Reads a whole file, masked, in constant memory. */
  public static void read(Path file, Mask mask, Sink sink) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var masked = new MaskedFile(channel, mask);
      long offset = 0;
      for (byte[] block = masked.read(offset, BLOCK_BYTES);
          block.length > 0;
          block = masked.read(offset, BLOCK_BYTES)) {
        sink.take(block);
        offset += block.length;
      }
    }
  }

  private byte[] raw(long offset, int length) throws IOException {
    var buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
      // Read on: a read may be short.
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }
}
