package dev.holdfast.worker.secret;

import dev.holdfast.schemas.Require;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The secrets of a worker: one file each, named like the secret, in a directory that its operator
 * fills. Read anew each time, so that a changed secret counts from the next job on.
 */
public final class SecretStore {
  private static final long MOST_BYTES = 1024 * 1024;
  private static final Set<PosixFilePermission> ALLOWED =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path directory;

  /** The directory need not exist: then there are no secrets. */
  public SecretStore(Path directory) {
    this.directory = directory;
  }

  /**
   * Looks a secret up.
   *
   * @return empty if there is none of that name
   * @throws SecretRefused if its file could be read by others, is too large, or cannot be read
   */
  public Optional<Secret> find(String name) {
    // A name that is no file name could lead out of the directory.
    Path file = directory.resolve(Require.id("secret", name));
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (!ALLOWED.containsAll(mode)) {
        throw new SecretRefused(
            "secret '%s' is refused: expected %s to be for its owner alone (rw-------), found %s; run: chmod 600 %s"
                .formatted(name, file, PosixFilePermissions.toString(mode), file));
      }
      long bytes = Files.size(file);
      if (bytes > MOST_BYTES) {
        throw new SecretRefused(
            "secret '%s' is refused: expected at most %d bytes in %s, found %d; put a smaller one there"
                .formatted(name, MOST_BYTES, file, bytes));
      }
      return Optional.of(new Secret(name, Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new SecretRefused(
          "secret '%s' cannot be read from %s (%s); let the worker's user own the file"
              .formatted(name, file, e),
          e);
    }
  }

  /** Where the secrets lie; for messages. */
  public Path directory() {
    return directory;
  }
}
