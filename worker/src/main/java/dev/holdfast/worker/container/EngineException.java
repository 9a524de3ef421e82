package dev.holdfast.worker.container;

import org.jspecify.annotations.Nullable;

/** The engine could not do what was asked. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Code code;

  public EngineException(Code code, String message) {
    super(message);
    this.code = code;
  }

  public EngineException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }

  /** Whether the same call may succeed a little later. */
  public boolean retryable() {
    return code.retryable;
  }

  /** What was the matter. */
  public enum Code {
    /** Nobody listens, the connection broke, or no answer came in time. */
    UNREACHABLE(true),
    /** There is no such image. */
    IMAGE_NOT_FOUND(false),
    /** The registry wants credentials, or other ones. */
    UNAUTHORIZED(false),
    /** The image's registry cannot be reached or does not answer. */
    REGISTRY_UNREACHABLE(true),
    /** The engine's disk is full. */
    NO_SPACE(true),
    /** The engine refuses: the request cannot be carried out as it is. */
    REFUSED(false),
    /** Whoever waited for it wants it no more. */
    CANCELLED(false);

    private final boolean retryable;

    Code(boolean retryable) {
      this.retryable = retryable;
    }
  }
}
