package dev.holdfast.worker.secret;

/** A secret that a job names cannot be given to it. */
public final class SecretUnusable extends Exception {
  private static final long serialVersionUID = 1L;
  private final Code code;

  SecretUnusable(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** What is wrong with it. */
  public enum Code {
    /** This worker has no secret of that name. */
    MISSING,
    /** There is one, but its file or its value cannot be used. */
    REFUSED
  }

  public Code code() {
    return code;
  }
}
