package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The right to write one mirror: a fair lock among the threads of this process, and below it an
 * operating system lock among processes, which the kernel releases when its holder dies. The lock
 * file is never deleted: two processes could then hold locks on two files of the same name. It says
 * who holds it, for people; the kernel alone decides.
 */
final class MirrorLock implements AutoCloseable {

  /** Static because a process owns file locks as a whole, however many adapters it has. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private static final long RECHECK_MS = 100;

  private final ReentrantLock threads;
  private final FileChannel channel;

  private MirrorLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  static MirrorLock take(Path file, BooleanSupplier cancelled) throws IOException {
    ReentrantLock threads = THREADS.computeIfAbsent(file, path -> new ReentrantLock(true));
    try {
      while (!threads.tryLock(RECHECK_MS, TimeUnit.MILLISECONDS)) {
        requireWanted(file, cancelled);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw WorkspaceException.cancelled("Waiting for mirror lock " + file);
    }
    try {
      return new MirrorLock(threads, lockedChannel(file, cancelled));
    } catch (IOException | RuntimeException e) {
      threads.unlock();
      throw e;
    }
  }

  private static FileChannel lockedChannel(Path file, BooleanSupplier cancelled)
      throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      while (lock == null) {
        requireWanted(file, cancelled);
        TimeUnit.MILLISECONDS.sleep(RECHECK_MS);
        lock = channel.tryLock();
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((Journal.here() + "\n").getBytes(StandardCharsets.UTF_8)));
      return channel;
    } catch (InterruptedException e) {
      channel.close();
      Thread.currentThread().interrupt();
      throw WorkspaceException.cancelled("Waiting for mirror lock " + file);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void requireWanted(Path file, BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      throw WorkspaceException.cancelled("Waiting for mirror lock " + file);
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      channel.truncate(0);
    } finally {
      threads.unlock();
    }
  }
}
