package dev.holdfast.gateway.http;

import io.vertx.core.buffer.Buffer;

/** A long answer, piece by piece. Blocks; asked by one thread at a time. */
interface Feed {
  Batch next();

  /**
   * A piece.
   *
   * @param last whether the answer is complete with it
   * @param soon whether an empty piece may be followed by more without any news
   */
  record Batch(Buffer bytes, boolean last, boolean soon) {
    static Batch of(Buffer bytes) {
      return new Batch(bytes, false, false);
    }

    static Batch last(Buffer bytes) {
      return new Batch(bytes, true, false);
    }

    /** Nothing until news comes. */
    static Batch dry() {
      return new Batch(Buffer.buffer(), false, false);
    }

    /** Nothing now; worth another look in a moment. */
    static Batch later() {
      return new Batch(Buffer.buffer(), false, true);
    }
  }
}
