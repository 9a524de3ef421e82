package dev.holdfast.worker.container;

import java.io.IOException;
import java.util.Optional;

/** Where registries' credentials are looked up. */
public interface Secrets {

  /** A secret's value; empty if this worker has none of that name. */
  Optional<String> find(String name) throws IOException;
}
