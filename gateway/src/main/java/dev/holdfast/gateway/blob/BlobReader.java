package dev.holdfast.gateway.blob;

import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Reads one file from its first chunk to its last. The last chunk is handed out only when the
 * digest of the whole is right, so a damaged file is never complete. Blocks; used by one thread at
 * a time.
 */
public final class BlobReader {
  private final BlobLog log;
  private final BlobRef file;
  private final MessageDigest digest;
  private int number;
  private long from;

  public BlobReader(BlobLog log, BlobRef file) {
    this.log = log;
    this.file = file;
    this.from = file.offset();
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Whether all has been handed out. */
  public boolean done() {
    return number >= file.chunks();
  }

  /**
   * The next chunk.
   *
   * @throws BlobDamaged if it is not there, or the file is not what its digest says
   */
  public byte[] next() {
    Optional<BlobLog.Chunk> chunk = log.read(file, number, from);
    if (chunk.isEmpty()) {
      throw new BlobDamaged(
          "chunk " + number + " of " + file.chunks() + " is no longer in the log", file);
    }
    byte[] bytes = chunk.get().bytes();
    digest.update(bytes);
    number++;
    from = chunk.get().next();
    if (done() && !HexFormat.of().formatHex(digest.digest()).equals(file.sha256())) {
      throw new BlobDamaged("its bytes do not have its digest", file);
    }
    return bytes;
  }
}
