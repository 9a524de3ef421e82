package dev.holdfast.worker.run;

import static java.util.Objects.requireNonNull;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.file.Reserved;
import dev.holdfast.runtime.file.Tree;
import dev.holdfast.schemas.worker.WorkerId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The worker's own directory, and its lock: while it is held no second worker can be this one, and
 * every shim can see that a worker lives.
 */
public final class WorkerHome implements AutoCloseable {
  /** Opened once and never touched again: closing any other descriptor of it drops the lock. */
  private static final String LOCK = "worker.lock";

  /** The file that holds {@link #uniqueName}. */
  public static final String UNIQUE_NAME = "unique-name";

  private static final String LAST_SEEN = "last-seen";

  private final Path directory;
  private final FileChannel lockFile;
  private final WorkerId id;
  private final String uniqueName;
  private final long incarnation;
  private final Optional<Instant> lastSeen;

  private WorkerHome(Path directory, FileChannel lockFile, Optional<String> name)
      throws IOException {
    this.directory = directory;
    this.lockFile = lockFile;
    this.id = identify(directory.resolve("worker-id"), name);
    this.uniqueName = uniqueName(directory.resolve(UNIQUE_NAME), id);
    this.lastSeen = lastSeen(directory.resolve(LAST_SEEN));
    this.incarnation = next(directory.resolve("incarnation"));
  }

  /**
   * Takes the directory into possession and starts a new incarnation.
   *
   * @param name the stable name asked for; kept from the first start on, or generated once
   * @throws WorkerHomeInUse if another worker has it
   */
  public static WorkerHome open(Path directory, Optional<String> name) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve(LOCK);
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!locked(channel)) {
        throw new WorkerHomeInUse(directory, file);
      }
      return new WorkerHome(directory, channel, name);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static Optional<Instant> lastSeen(Path file) throws IOException {
    return Files.exists(file)
        ? Optional.of(Files.getLastModifiedTime(file).toInstant())
        : Optional.empty();
  }

  private static WorkerId identify(Path file, Optional<String> name) throws IOException {
    Optional<String> kept =
        Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    if (kept.isPresent() && name.isPresent() && !kept.equals(name)) {
      throw new IOException(
          "%s belongs to worker %s, not to %s: give each worker a directory of its own"
              .formatted(file.getParent(), kept.get(), name.get()));
    }
    var id =
        new WorkerId(
            kept.or(() -> name)
                .orElseGet(() -> "w-" + UUID.randomUUID().toString().substring(0, 8)));
    if (kept.isEmpty()) {
      AtomicFile.write(file, (id.value() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return id;
  }

  private static String uniqueName(Path file, WorkerId id) throws IOException {
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    String name = id + "-" + UUID.randomUUID().toString().substring(0, 8);
    AtomicFile.write(file, (name + "\n").getBytes(StandardCharsets.UTF_8));
    return name;
  }

  /** Grows with every start; one that cannot be read is overtaken by the clock. */
  private static long next(Path counter) throws IOException {
    long previous = 0;
    if (Files.exists(counter)) {
      try {
        previous = Long.parseLong(Files.readString(counter).strip());
      } catch (NumberFormatException e) {
        previous = Instant.now().getEpochSecond();
      }
    }
    long next = previous + 1;
    // A full disk must not keep a worker from taking up what lives; a torn number is overtaken.
    Reserved.overwrite(counter, (next + "\n").getBytes(StandardCharsets.UTF_8));
    Tree.force(counter);
    Tree.force(requireNonNull(counter.toAbsolutePath().getParent()));
    return next;
  }

  public WorkerId id() {
    return id;
  }

  /** The id and more: no worker with another directory bears it, on this machine or any other. */
  public String uniqueName() {
    return uniqueName;
  }

  public long incarnation() {
    return incarnation;
  }

  /** When the previous incarnation was last alive, by the wall clock; for people. */
  public Optional<Instant> lastSeen() {
    return lastSeen;
  }

  public Path lockPath() {
    return directory.resolve(LOCK);
  }

  public Path runs() {
    return directory.resolve("runs");
  }

  public Path mirrors() {
    return directory.resolve("mirrors");
  }

  public Path directory() {
    return directory;
  }

  public Path indexes() {
    return directory.resolve("indexes");
  }

  /** Leaves a trace of being alive, for the next incarnation's {@link #lastSeen}. */
  public void seen(Instant now) throws IOException {
    Path file = directory.resolve(LAST_SEEN);
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    Files.setLastModifiedTime(file, FileTime.from(now));
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
