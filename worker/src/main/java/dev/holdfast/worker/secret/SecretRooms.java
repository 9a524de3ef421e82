package dev.holdfast.worker.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.file.Tree;
import dev.holdfast.schemas.attempt.HeldAttempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the secrets of attempts lie while they run: a directory for each, in memory where the
 * machine has a file system for that, and for the worker's user alone. Nothing is there while no
 * attempt has secrets.
 */
public final class SecretRooms {
  private static final Logger log = LoggerFactory.getLogger(SecretRooms.class);
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");
  static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(OWNER);

  /** File systems in memory that Linux has at these places, nearly everywhere. */
  private static final List<Path> IN_MEMORY = List.of(Path.of("/dev/shm"), Path.of("/run"));

  private final Path root;

  private SecretRooms(Path root) {
    this.root = root;
  }

  /**
   * Finds the worker's place.
   *
   * @param home the worker's own directory, which stands in where there is no place in memory
   */
  public static SecretRooms open(Path home) {
    return open(home, IN_MEMORY);
  }

  static SecretRooms open(Path home, List<Path> candidates) {
    Path whole = home.toAbsolutePath().normalize();
    String name = "holdfast-" + UUID.nameUUIDFromBytes(whole.toString().getBytes(UTF_8));
    for (Path parent : candidates) {
      Path place = parent.resolve(name);
      try {
        if (Files.getFileStore(parent).type().equals("tmpfs")
            && Files.isWritable(parent)
            && (!Files.exists(place, LinkOption.NOFOLLOW_LINKS) || isOurs(place))) {
          return new SecretRooms(place);
        }
      } catch (IOException e) {
        log.debug("{} cannot hold secrets: {}", parent, e.toString());
      }
    }
    Path onDisk = whole.resolve("secrets-in-use");
    log.info("secrets of running jobs will lie on disk, in {}: no tmpfs was found", onDisk);
    return new SecretRooms(onDisk);
  }

  /** Everybody may write to /dev/shm: what somebody else has put there is not ours. */
  private static boolean isOurs(Path place) throws IOException {
    var found = Files.readAttributes(place, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return found.isDirectory() && found.owner().equals(Files.getOwner(Path.of("/proc/self")));
  }

  /** The attempt's own directory, whether or not it exists. */
  Path of(HeldAttempt attempt) {
    return root.resolve(attempt.job() + "." + attempt.token());
  }

  /** Makes the attempt's directory, empty. */
  synchronized void make(HeldAttempt attempt) throws IOException {
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      if (!isOurs(root)) {
        throw new IOException(
            "secrets cannot be kept in " + root + ": it belongs to somebody else");
      }
      Files.setPosixFilePermissions(root, OWNER);
    } else {
      Files.createDirectory(root, PRIVATE);
    }
    Tree.delete(of(attempt));
    Files.createDirectory(of(attempt), PRIVATE);
  }

  /** Removes the attempt's directory. */
  synchronized void remove(HeldAttempt attempt) throws IOException {
    Tree.delete(of(attempt));
    Tree.deleteIfEmpty(root);
  }

  /** Removes what belongs to none of these. */
  public synchronized void sweep(Collection<HeldAttempt> held) throws IOException {
    Set<Path> kept = held.stream().map(this::of).collect(Collectors.toSet());
    for (Path room : rooms()) {
      if (!kept.contains(room)) {
        Tree.delete(room);
      }
    }
    Tree.deleteIfEmpty(root);
  }

  /** Whether no attempt has secrets now. */
  public synchronized boolean isEmpty() throws IOException {
    return rooms().isEmpty();
  }

  private List<Path> rooms() throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      return entries.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
