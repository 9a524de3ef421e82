package dev.holdfast.coordinator.stream;

import dev.holdfast.schemas.topic.RecordSize;

/**
 * What a decision sends or stores is larger than a record may be. Found before any of it is sent or
 * stored: the broker would refuse it, the task would be rolled back and read the same input again,
 * for ever.
 */
final class DoesNotFit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private DoesNotFit(String what, int bytes) {
    super(what + " would have " + bytes + " bytes, and a record has " + RecordSize.MOST_BYTES);
  }

  /** The value itself if it fits. */
  static byte[] checked(String what, byte[] value) {
    if (value.length > RecordSize.MOST_BYTES) {
      throw new DoesNotFit(what, value.length);
    }
    return value;
  }
}
