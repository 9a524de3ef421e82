package dev.holdfast.standalone.cli;

/** An answer of the gateway, or its absence, that ends the command. */
public final class ApiFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  ApiFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
