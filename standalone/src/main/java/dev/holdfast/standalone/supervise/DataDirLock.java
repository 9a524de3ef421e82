package dev.holdfast.standalone.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to be the only process of one purpose on a directory, held until closed or until the
 * process dies. The kernel releases it then, so nothing has to be cleaned up after a crash.
 */
public final class DataDirLock implements AutoCloseable {

  /**
   * Locks of this JVM. POSIX drops all of a process's locks on a file when it closes any descriptor
   * of that file, so a second attempt in the same JVM must be refused before it opens the file.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final Path file;
  private final FileChannel channel;

  private DataDirLock(Path directory, Path file, FileChannel channel) {
    this.directory = directory;
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes {@code directory/purpose.lock}, creating the directory when it is missing.
   *
   * @throws DirectoryInUseException if another holder lives
   */
  public static DataDirLock take(Path directory, String purpose) {
    try {
      Path real = Files.createDirectories(directory).toRealPath();
      Path file = real.resolve(purpose + ".lock");
      if (!HELD_HERE.add(file)) {
        throw new DirectoryInUseException(purpose, real, Long.toString(ownPid()));
      }
      boolean taken = false;
      try {
        FileChannel channel = lock(file, purpose, real);
        taken = true;
        return new DataDirLock(real, file, channel);
      } finally {
        if (!taken) {
          HELD_HERE.remove(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot lock directory " + directory + ": " + e.getMessage(), e);
    }
  }

  private static FileChannel lock(Path file, String purpose, Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      if (channel.tryLock() == null) {
        throw new DirectoryInUseException(purpose, directory, holder(file));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((ownPid() + "\n").getBytes(UTF_8)), 0);
      locked = true;
      return channel;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static String holder(Path file) throws IOException {
    String pid = Files.readString(file).strip();
    return pid.isEmpty() ? "not yet known" : pid;
  }

  private static long ownPid() {
    return ProcessHandle.current().pid();
  }

  /** The locked directory, with every symbolic link resolved. */
  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    // The file stays: removing it would let two processes lock two files of the same name.
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot release " + file, e);
    } finally {
      HELD_HERE.remove(file);
    }
  }
}
