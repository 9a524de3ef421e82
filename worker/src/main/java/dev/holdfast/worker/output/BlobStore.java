package dev.holdfast.worker.output;

import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import java.io.IOException;
import java.nio.file.Path;

/** Where result files go, and what earlier attempts have kept comes from. */
public interface BlobStore {
  /** Returns once the whole file is safe. Storing the same file again does no harm. */
  BlobRef store(String name, String mediaType, Path file) throws IOException, InterruptedException;

  /**
   * Writes a stored file to {@code target}, which appears only whole and with the right digest.
   *
   * @throws IOException if the file is no longer there, is damaged, or cannot be read in time
   */
  void fetch(BlobRef blob, Path target) throws IOException, InterruptedException;
}
