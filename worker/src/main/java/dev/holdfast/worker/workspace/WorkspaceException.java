package dev.holdfast.worker.workspace;

import org.jspecify.annotations.Nullable;

/** The world did not allow a workspace. Its message says what was found and what to do next. */
public final class WorkspaceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Code {
    /** Nothing at the URL or path is a git repository. */
    REPOSITORY_NOT_FOUND(false),
    /** The repository has no commit yet. */
    REPOSITORY_EMPTY(false),
    /** The repository holds paths that git itself refuses to check out, such as {@code .git/x}. */
    REPOSITORY_UNSAFE(false),
    /** The repository is there, the asked branch, tag or commit is not, or it is ambiguous. */
    REF_NOT_FOUND(false),
    /** The server did not answer or broke off. */
    REPOSITORY_UNREACHABLE(true),
    /** The server wants other credentials, or any. */
    AUTHENTICATION(false),
    /** The URL's form or protocol is not one a worker uses. */
    UNSUPPORTED_URL(false),
    /** This worker's disk did not do what was asked; another worker's may. */
    WORKSPACE_IO(true),
    /** The caller said stop. */
    CANCELLED(false);

    private final boolean retryable;

    Code(boolean retryable) {
      this.retryable = retryable;
    }
  }

  private final Code code;
  private final boolean atServer;

  WorkspaceException(Code code, String message, @Nullable Throwable cause) {
    this(code, message, cause, false);
  }

  private WorkspaceException(
      Code code, String message, @Nullable Throwable cause, boolean atServer) {
    super(message, cause);
    this.code = code;
    this.atServer = atServer;
  }

  static WorkspaceException cancelled(String what) {
    return new WorkspaceException(Code.CANCELLED, what + " was cancelled; nothing is left", null);
  }

  /** The caller said stop, having waited for nothing but a server that hardly answered. */
  static WorkspaceException cancelledAt(RemoteUrl url, WorkspaceException cause) {
    return new WorkspaceException(
        Code.CANCELLED,
        ("Repository %s was waited for until the time was up; its server had hardly answered. Check"
                + " that the server is up and that the worker's network reaches it; the attempt can"
                + " be repeated.")
            .formatted(url),
        cause,
        true);
  }

  public Code code() {
    return code;
  }

  /** Whether it was a server's silence that was not waited for any longer. */
  public boolean atServer() {
    return atServer;
  }

  /** Whether the same request may succeed later or elsewhere, with nothing changed. */
  public boolean retryable() {
    return code.retryable;
  }
}
