package dev.holdfast.gateway.command;

/** Kafka did not say that it has a command. It may have it all the same: repeating does no harm. */
public final class NotAccepted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotAccepted(String message, Throwable cause) {
    super(message, cause);
  }

  public NotAccepted(String message) {
    super(message);
  }
}
