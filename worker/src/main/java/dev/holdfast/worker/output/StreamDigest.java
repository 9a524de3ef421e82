package dev.holdfast.worker.output;

import dev.holdfast.schemas.attempt.OutputTotals.StreamTotal;
import dev.holdfast.worker.redact.Mask;
import dev.holdfast.worker.redact.MaskedFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** The digest of a file, in constant memory. */
public record StreamDigest(long bytes, String sha256) {
  /** Digests a file; one that does not exist is as good as an empty one. */
  public static StreamDigest of(Path file) throws IOException {
    return of(file, Mask.NONE);
  }

  /** Digests what is published of a file. */
  public static StreamDigest of(Path file, Mask mask) throws IOException {
    MessageDigest sha256 = newSha256();
    var bytes = new AtomicLong();
    try {
      MaskedFile.read(
          file,
          mask,
          block -> {
            sha256.update(block);
            bytes.addAndGet(block.length);
          });
    } catch (NoSuchFileException e) {
      bytes.set(0);
    }
    return new StreamDigest(bytes.get(), HexFormat.of().formatHex(sha256.digest()));
  }

  /** What is reported of a stream of these bytes under a limit. */
  public StreamTotal total(OutputLimit limit) {
    return limit.cuts(bytes)
        ? new StreamTotal(bytes, sha256, limit.headEnd(bytes), limit.tailStart(bytes))
        : new StreamTotal(bytes, sha256, null, null);
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
