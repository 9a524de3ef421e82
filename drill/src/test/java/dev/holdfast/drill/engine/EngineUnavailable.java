package dev.holdfast.drill.engine;

/** This machine does not let a Docker daemon run; the message has its last words. */
final class EngineUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EngineUnavailable(String message) {
    super(message);
  }
}
