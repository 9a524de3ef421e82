package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.internal.JGitText;
import org.eclipse.jgit.lib.EmptyProgressMonitor;

/**
 * Notices a server that still sends, but hardly: a timeout for silence never ends a transfer of one
 * byte a second. What has arrived is measured by the unfinished pack that it goes into; a word of
 * the server's progress counts as a kilobyte, and work of our own on what has come is not timed.
 */
final class LowSpeed extends EmptyProgressMonitor {

  /** Less than this on average over the window is as good as nothing. */
  static final long LEAST_BYTES_PER_SECOND = 1000;

  /** Nobody is called silent who was listened to for less. */
  static final long WORTH_A_NAME_NS = 1_000_000_000;

  private static final long BYTES_PER_WORD = 1000;

  private final Path objects;
  private final long windowNs;
  private final BooleanSupplier cancelled;
  private final AtomicLong words = new AtomicLong();
  private volatile boolean ownWork;
  private volatile boolean tooSlow;
  private long windowBeganNs = System.nanoTime();
  private long arrivedThen;

  LowSpeed(Path mirror, Duration window, BooleanSupplier cancelled) {
    this.objects = mirror.resolve("objects");
    this.windowNs = window.toNanos();
    this.cancelled = cancelled;
  }

  /** Asked often, by one thread; stays true once it is. */
  boolean tooSlow() {
    long now = System.nanoTime();
    if (!tooSlow && now - windowBeganNs >= windowNs) {
      long arrived = arrived();
      tooSlow = hardlySends(arrived, now);
      windowBeganNs = now;
      arrivedThen = arrived;
    }
    return tooSlow;
  }

  /** Whether it is too slow so far in a window that is not over; for the thread that asks. */
  boolean hardlySends() {
    long now = System.nanoTime();
    return tooSlow || (now - windowBeganNs > WORTH_A_NAME_NS && hardlySends(arrived(), now));
  }

  private boolean hardlySends(long arrived, long now) {
    double seconds = (now - windowBeganNs) / 1e9;
    return !ownWork && arrived - arrivedThen < LEAST_BYTES_PER_SECOND * seconds;
  }

  private long arrived() {
    long bytes = words.get() * BYTES_PER_WORD;
    try (DirectoryStream<Path> packs = Files.newDirectoryStream(objects, "incoming_*")) {
      for (Path pack : packs) {
        bytes += Files.size(pack);
      }
    } catch (IOException e) {
      // It was finished between the listing and the look: there will be a next look.
      return Long.MAX_VALUE / 2;
    }
    return bytes;
  }

  @Override
  public void beginTask(String title, int totalWork) {
    ownWork = !title.startsWith("remote: ") && !title.equals(JGitText.get().receivingObjects);
  }

  @Override
  public void update(int completed) {
    words.incrementAndGet();
  }

  @Override
  public boolean isCancelled() {
    return cancelled.getAsBoolean() || Thread.currentThread().isInterrupted();
  }
}
