package dev.holdfast.standalone.demo;

/** Something that should have happened did not; the demo ends with exit code 1. */
final class DemoFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DemoFailure(String message) {
    super(message);
  }
}
