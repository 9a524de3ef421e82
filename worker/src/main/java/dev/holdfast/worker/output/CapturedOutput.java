package dev.holdfast.worker.output;

import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.OutputTotals.StreamTotal;
import dev.holdfast.schemas.attempt.Token;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Output of a handler: its first part is kept in memory, all of it is counted and digested. Costs
 * nothing until something is written.
 */
public final class CapturedOutput extends OutputStream {
  private static final int CHUNK_BYTES = 256 * 1024;

  private final int limitBytes;
  private @Nullable ByteArrayOutputStream head;
  private @Nullable MessageDigest digest;
  private long bytes;

  public CapturedOutput(int limitBytes) {
    this.limitBytes = limitBytes;
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] source, int from, int length) {
    var kept = head == null ? new ByteArrayOutputStream() : head;
    var sha256 = digest == null ? StreamDigest.newSha256() : digest;
    head = kept;
    digest = sha256;
    kept.write(source, from, Math.min(length, limitBytes - kept.size()));
    sha256.update(source, from, length);
    bytes += length;
  }

  /** The output as chunks; call once, when nobody writes any more. */
  public synchronized List<OutputChunk> chunks(Token token, OutputStreamName stream) {
    var chunks = new ArrayList<OutputChunk>();
    byte[] kept = head == null ? new byte[0] : head.toByteArray();
    for (int from = 0; from < kept.length; from += CHUNK_BYTES) {
      int to = Math.min(kept.length, from + CHUNK_BYTES);
      chunks.add(new OutputChunk.Bytes(token, stream, from, Arrays.copyOfRange(kept, from, to)));
    }
    if (bytes > kept.length) {
      chunks.add(new OutputChunk.Cut(token, stream, kept.length, bytes));
    }
    return chunks;
  }

  /** What is reported of it; call once, after {@link #chunks}. */
  public synchronized StreamTotal total() {
    if (digest == null) {
      return StreamTotal.EMPTY;
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    return bytes > limitBytes
        ? new StreamTotal(bytes, sha256, (long) limitBytes, bytes)
        : new StreamTotal(bytes, sha256, null, null);
  }
}
