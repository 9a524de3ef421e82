package dev.holdfast.worker.index;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to make, check or remove one index: among the threads of this process, and below that
 * among processes by a lock of the kernel, which lets go when its holder dies. The file is never
 * deleted: two processes could then hold locks on two files of the same name.
 */
final class BuildLock implements AutoCloseable {
  private static final long RECHECK_MS = 50;

  /**
   * A process that closes any descriptor of a file loses its lock on it, so that a file must not
   * even be opened while another thread holds it.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private BuildLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static BuildLock take(Path file, Patience patience) throws IOException, InterruptedException {
    while (true) {
      Optional<BuildLock> lock = tryTake(file);
      if (lock.isPresent()) {
        return lock.get();
      }
      if (patience.over()) {
        throw new IndexException(
            IndexException.Code.BUSY, "somebody else has been holding " + file + " all the time");
      }
      Thread.sleep(RECHECK_MS);
    }
  }

  static Optional<BuildLock> tryTake(Path file) throws IOException {
    Path name = file.toAbsolutePath().normalize();
    if (!HELD_HERE.add(name)) {
      return Optional.empty();
    }
    Optional<BuildLock> lock = Optional.empty();
    try {
      Files.createDirectories(name.getParent());
      lock = locked(name);
      return lock;
    } finally {
      if (lock.isEmpty()) {
        HELD_HERE.remove(name);
      }
    }
  }

  private static Optional<BuildLock> locked(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? Optional.of(new BuildLock(file, channel)) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD_HERE.remove(file);
    }
  }
}
