package dev.holdfast.gateway.view;

/**
 * A view file could not be read or written: the disk is full or failing, or the file was damaged.
 */
public final class ViewUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ViewUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
