package dev.holdfast.gateway.blob;

import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import java.util.Optional;

/** Where the chunks of files are. Blocks. */
public interface BlobLog {
  /**
   * Reads one chunk of a file.
   *
   * @param number from 0
   * @param from offset to look from: the file's own for its first chunk, then what the last
   *     answered
   * @return empty if it is no longer there
   */
  Optional<Chunk> read(BlobRef file, int number, long from);

  /**
   * A chunk.
   *
   * @param next offset to look for the following chunk from
   */
  record Chunk(byte[] bytes, long next) {}
}
