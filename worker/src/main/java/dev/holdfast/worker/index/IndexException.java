package dev.holdfast.worker.index;

/** An index cannot be had now. Its message is what the job is told. */
public final class IndexException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Code code;
  private final String why;

  public IndexException(Code code, String why) {
    super(why);
    this.code = code;
    this.why = why;
  }

  /** Why not. */
  public enum Code {
    /** The program that makes it is not installed on this worker. */
    TOOL_MISSING,
    /** A service that it needs does not answer, or wants another key. */
    SERVICE_UNREACHABLE,
    /** Somebody else is at it. */
    BUSY,
    /** It was tried and came to nothing. */
    FAILED,
    /** Nobody waits for it any more, or no longer. */
    GIVEN_UP
  }

  public Code code() {
    return code;
  }

  /** The message. */
  public String why() {
    return why;
  }
}
