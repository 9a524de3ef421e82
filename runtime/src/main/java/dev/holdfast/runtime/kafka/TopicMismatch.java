package dev.holdfast.runtime.kafka;

/** A topic that exists, but not as the catalogue says; Holdfast does not change it by itself. */
public final class TopicMismatch extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  TopicMismatch(String message) {
    super(message);
  }
}
