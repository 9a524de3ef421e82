package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.util.Optional;

/** The worker's secrets, by name. Asked anew each time, so that a changed one counts at once. */
@FunctionalInterface
public interface Secrets {
  Secrets NONE = name -> Optional.empty();

  Optional<String> value(String name) throws IOException;
}
