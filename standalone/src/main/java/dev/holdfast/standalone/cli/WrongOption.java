package dev.holdfast.standalone.cli;

/** An option whose value cannot be used. */
public final class WrongOption extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongOption(String message) {
    super(message);
  }
}
