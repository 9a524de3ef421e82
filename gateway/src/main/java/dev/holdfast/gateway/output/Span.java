package dev.holdfast.gateway.output;

/**
 * Bytes of a stream from {@code start} up to {@code end}, and the record that speaks of them.
 *
 * @param cut whether the record says that they were not kept
 * @param position offset of the record in its partition
 * @param chunkStart first byte of the stream in the record
 */
record Span(long start, long end, boolean cut, int partition, long position, long chunkStart) {
  long length() {
    return end - start;
  }
}
