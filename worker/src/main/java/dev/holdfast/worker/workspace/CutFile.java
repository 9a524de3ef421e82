package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A text file that takes whole lines up to a limit and drops the rest. */
final class CutFile extends OutputStream {

  private final FileChannel channel;
  private final long limitBytes;
  private long position;
  private long afterLastLine;
  private boolean cut;

  CutFile(Path path, long limitBytes) throws IOException {
    this.channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    this.limitBytes = limitBytes;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int kept = cut ? 0 : (int) Math.min(length, limitBytes - position);
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, kept);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    for (int i = kept - 1; i >= 0; i--) {
      if (bytes[offset + i] == '\n') {
        afterLastLine = position + i + 1;
        break;
      }
    }
    position += kept;
    cut |= kept < length;
  }

  long position() {
    return position;
  }

  boolean isCut() {
    return cut;
  }

  /** Forgets what was written after the position. */
  void rewind(long to) throws IOException {
    channel.truncate(to);
    channel.position(to);
    position = to;
    afterLastLine = to;
  }

  /** Ends a cut file at its last whole line and with the marker. */
  void finish(String marker) throws IOException {
    if (cut) {
      channel.truncate(afterLastLine);
      channel.position(afterLastLine);
      channel.write(ByteBuffer.wrap(marker.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
