package dev.holdfast.worker.output;

/**
 * How much of one stream is published.
 *
 * @param headBytes kept from its start
 * @param tailBytes kept from its end
 * @param chunkBytes at most in one record
 */
public record OutputLimit(long headBytes, long tailBytes, int chunkBytes) {
  private static final long TAIL_BYTES = 64 * 1024;
  private static final int CHUNK_BYTES = 256 * 1024;

  public OutputLimit {
    if (headBytes < 0 || tailBytes < 0 || chunkBytes < 1) {
      throw new IllegalArgumentException(
          "output limits must not be negative: head %d, tail %d, chunk %d"
              .formatted(headBytes, tailBytes, chunkBytes));
    }
  }

  public static OutputLimit ofHead(long headBytes) {
    return new OutputLimit(headBytes, TAIL_BYTES, CHUNK_BYTES);
  }

  /** Whether an ended stream of this size loses its middle. */
  boolean cuts(long size) {
    return size > headBytes + tailBytes;
  }

  /** One past the last byte of the head of an ended stream. */
  long headEnd(long size) {
    return cuts(size) ? headBytes : size;
  }

  /** The first byte of the tail of an ended stream. */
  long tailStart(long size) {
    return cuts(size) ? size - tailBytes : size;
  }
}
