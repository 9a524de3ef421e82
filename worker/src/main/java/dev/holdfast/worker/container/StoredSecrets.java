package dev.holdfast.worker.container;

import dev.holdfast.worker.secret.Secret;
import dev.holdfast.worker.secret.SecretRefused;
import dev.holdfast.worker.secret.SecretStore;
import java.io.IOException;
import java.util.Optional;

/** Registries' credentials out of the worker's secret store. */
public record StoredSecrets(SecretStore store) implements Secrets {
  @Override
  public Optional<String> find(String name) throws IOException {
    try {
      return store.find(name).map(Secret::text);
    } catch (SecretRefused e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
