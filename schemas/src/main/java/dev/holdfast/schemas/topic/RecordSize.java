package dev.holdfast.schemas.topic;

/**
 * How large a record of a cell may be. Whoever writes one makes sure of it beforehand: a record
 * that no broker takes would be tried again for ever, and all that is behind it would wait.
 */
public final class RecordSize {
  /**
   * Bytes of a value that every broker takes: unless told otherwise a broker takes 1,048,588 with
   * key, headers and framing.
   */
  public static final int MOST_BYTES = 1_000_000;

  /** Bytes of a request that a producer may send: one record that a generous broker takes. */
  public static final int MOST_REQUEST_BYTES = 2 * 1024 * 1024;

  private RecordSize() {}
}
