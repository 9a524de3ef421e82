package dev.holdfast.worker.secret;

/** A secret is there but cannot be used; the message names its file and what to do. */
public final class SecretRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SecretRefused(String message) {
    super(message);
  }

  SecretRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
