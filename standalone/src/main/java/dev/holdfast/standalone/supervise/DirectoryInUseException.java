package dev.holdfast.standalone.supervise;

import java.nio.file.Path;

/** Another process holds a directory that only one may hold. */
public final class DirectoryInUseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DirectoryInUseException(String purpose, Path directory, String holder) {
    super(
        "%s is already in use as the directory of another '%s' (pid %s): stop that one first, or choose another directory"
            .formatted(directory, purpose, holder));
  }
}
