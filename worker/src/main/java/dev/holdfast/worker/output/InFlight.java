package dev.holdfast.worker.output;

import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.job.JobId;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What has been handed over to the log and is not yet acknowledged: how much, and how far. Shared
 * by the publishing thread and the log's, hence the lock.
 */
final class InFlight {
  private static final long MOST_BYTES = 1024 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<OutputStreamName, Positions> positions = new EnumMap<>(OutputStreamName.class);
  private final JobId job;
  private final OutputLog log;
  private long bytes;
  private int chunks;
  private long changes;
  private boolean failed;

  InFlight(JobId job, OutputLog log, Published start) {
    this.job = job;
    this.log = log;
    for (OutputStreamName stream : OutputStreamName.values()) {
      positions.put(stream, new Positions(start.of(stream)));
    }
  }

  long handedOver(OutputStreamName stream) {
    lock.lock();
    try {
      return at(stream).handedOver();
    } finally {
      lock.unlock();
    }
  }

  Published acknowledged() {
    lock.lock();
    try {
      return new Published(
          at(OutputStreamName.STDOUT).acknowledged(), at(OutputStreamName.STDERR).acknowledged());
    } finally {
      lock.unlock();
    }
  }

  /** Hands a chunk over once there is room for it. */
  void send(OutputChunk chunk) throws InterruptedException {
    long size = chunk instanceof OutputChunk.Bytes some ? some.bytes().length : 0;
    lock.lockInterruptibly();
    Positions.Flight flight;
    try {
      while (bytes > 0 && bytes + size > MOST_BYTES) {
        changed.await();
      }
      bytes += size;
      chunks++;
      flight = at(chunk.stream()).handOver(chunk.end());
    } finally {
      lock.unlock();
    }
    log.append(job, chunk)
        .whenComplete((done, failure) -> landed(chunk.stream(), flight, size, failure == null));
  }

  private void landed(
      OutputStreamName stream, Positions.Flight flight, long size, boolean acknowledged) {
    lock.lock();
    try {
      bytes -= size;
      chunks--;
      if (acknowledged) {
        at(stream).land(flight);
      } else {
        failed = true;
      }
      signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until nothing is under way.
   *
   * @return whether something failed since the last call; then it is to be handed over once more,
   *     from the acknowledged positions
   */
  boolean drainedWithFailure() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (chunks > 0) {
        changed.await();
      }
      boolean again = failed;
      if (again) {
        positions.values().forEach(Positions::startOver);
      }
      failed = false;
      return again;
    } finally {
      lock.unlock();
    }
  }

  boolean hasFailed() {
    lock.lock();
    try {
      return failed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for an acknowledgement, a {@link #wake} or the timeout, whichever comes first. */
  void pause(long timeoutMs) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long seen = changes;
      long leftNs = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
      while (changes == seen && leftNs > 0) {
        leftNs = changed.awaitNanos(leftNs);
      }
    } finally {
      lock.unlock();
    }
  }

  void wake() {
    lock.lock();
    try {
      signal();
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    changes++;
    changed.signalAll();
  }

  private Positions at(OutputStreamName stream) {
    Positions found = positions.get(stream);
    if (found == null) {
      throw new IllegalStateException("no positions for " + stream);
    }
    return found;
  }
}
