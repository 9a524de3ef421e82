package dev.holdfast.worker.output;

/** What to publish next of one stream. */
final class OutputPlan {
  private OutputPlan() {}

  /** The next thing to do with a stream. */
  sealed interface Next {
    /** Publish so many bytes from there. */
    record Bytes(long offset, int length) implements Next {}

    /** Say that these bytes are not kept. */
    record Cut(long offset, long end) implements Next {}

    /** Nothing until the file grows or ends. */
    record Idle() implements Next {}

    /** All that will ever be published has been. */
    record Done() implements Next {}
  }

  /**
   * Decides.
   *
   * @param position first byte not yet handed over
   * @param size of the file; final once the stream has ended
   */
  static Next next(OutputLimit limit, long position, long size, boolean ended) {
    if (!ended) {
      // What follows the head may be cut or kept: only the end of the stream tells.
      long until = Math.min(size, limit.headBytes());
      return position < until ? bytes(limit, position, until) : new Next.Idle();
    }
    long headEnd = limit.headEnd(size);
    if (position < headEnd) {
      return bytes(limit, position, headEnd);
    }
    if (position < limit.tailStart(size)) {
      return new Next.Cut(headEnd, limit.tailStart(size));
    }
    return position < size ? bytes(limit, position, size) : new Next.Done();
  }

  private static Next bytes(OutputLimit limit, long position, long until) {
    return new Next.Bytes(position, (int) Math.min(limit.chunkBytes(), until - position));
  }
}
