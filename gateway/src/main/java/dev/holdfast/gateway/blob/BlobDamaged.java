package dev.holdfast.gateway.blob;

import dev.holdfast.schemas.attempt.JobResult.BlobRef;

/** A result file that the log no longer holds whole. */
public final class BlobDamaged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BlobDamaged(String problem, BlobRef file) {
    super("file " + file.name() + " with digest " + file.sha256() + ": " + problem);
  }
}
