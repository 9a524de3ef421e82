package dev.holdfast.worker.index;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Who in this process uses which index: one shared lock of the kernel for each use file, however
 * many attempts use it. Static because a process owns file locks as a whole.
 */
final class UseLocks {
  private static final Map<Path, Shared> HELD_HERE = new HashMap<>();

  private UseLocks() {}

  private static final class Shared {
    private final FileChannel channel;
    private int users;

    private Shared(FileChannel channel) {
      this.channel = channel;
    }
  }

  /** A change of mind that somebody else's use prevents. */
  interface Removal {
    void run() throws IOException;
  }

  /** Takes part in using it, until {@link #leave}; waits for a removal that is under way. */
  static void join(Path file) throws IOException {
    Path name = file.toAbsolutePath().normalize();
    synchronized (HELD_HERE) {
      Shared shared = HELD_HERE.get(name);
      if (shared == null) {
        shared = new Shared(lockShared(name));
        HELD_HERE.put(name, shared);
      }
      shared.users++;
    }
  }

  private static FileChannel lockShared(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      channel.lock(0, Long.MAX_VALUE, true);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  static void leave(Path file) throws IOException {
    Path name = file.toAbsolutePath().normalize();
    synchronized (HELD_HERE) {
      Shared shared = HELD_HERE.get(name);
      if (shared != null && --shared.users == 0) {
        HELD_HERE.remove(name);
        shared.channel.close();
      }
    }
  }

  /** Does it while nobody uses the index; answers whether it was done. */
  static boolean whileUnused(Path file, Removal removal) throws IOException {
    Path name = file.toAbsolutePath().normalize();
    synchronized (HELD_HERE) {
      if (HELD_HERE.containsKey(name)) {
        return false;
      }
      Files.createDirectories(name.getParent());
      try (FileChannel channel =
          FileChannel.open(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          return false;
        }
        removal.run();
        return true;
      }
    }
  }
}
