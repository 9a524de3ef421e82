package dev.holdfast.runtime.file;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a failure means that a disk is full. Java keeps no error number, only the system's words
 * for it; libraries put them into messages of their own.
 */
public final class DiskFull {
  /** What {@code strerror} says for ENOSPC and EDQUOT; a JVM's is not translated. */
  private static final List<String> WORDS =
      List.of("No space left on device", "Disk quota exceeded");

  private DiskFull() {}

  public static boolean causes(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isNamedIn(cause.getMessage())) {
        return true;
      }
      for (Throwable suppressed : cause.getSuppressed()) {
        if (causes(suppressed)) {
          return true;
        }
      }
    }
    return false;
  }

  public static boolean isNamedIn(@Nullable String text) {
    return text != null && WORDS.stream().anyMatch(text::contains);
  }
}
