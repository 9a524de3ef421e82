package dev.holdfast.runtime.streams;

import dev.holdfast.runtime.retry.Backoff;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that failed, later and later while failures follow each other. It waits
 * on the failed thread, which goes on to hold its place in the group; closing ends the wait.
 */
final class ThreadReplacement implements StreamsUncaughtExceptionHandler, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ThreadReplacement.class);

  private final Backoff backoff;
  private final Duration calm;
  private final CountDownLatch closing = new CountDownLatch(1);
  private int failuresInARow = 0;
  private long lastFailureNanos;

  /**
   * Makes a handler.
   *
   * @param calm time without a failure after which the next one is the first again
   */
  ThreadReplacement(Backoff backoff, Duration calm) {
    this.backoff = backoff;
    this.calm = calm;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable failure) {
    Duration delay = delay(System.nanoTime(), ThreadLocalRandom.current().nextDouble());
    log.error("a stream thread failed and is replaced in {}", delay, failure);
    try {
      if (closing.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
        log.debug("closing, so the thread's successor will not begin");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  @Override
  public void close() {
    closing.countDown();
  }

  synchronized Duration delay(long nowNanos, double fraction) {
    boolean calmed = nowNanos - lastFailureNanos > calm.toNanos();
    failuresInARow = failuresInARow == 0 || calmed ? 1 : failuresInARow + 1;
    lastFailureNanos = nowNanos;
    return backoff.after(failuresInARow, fraction);
  }
}
