package dev.holdfast.worker.output;

import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.worker.output.OutputPlan.Next;
import dev.holdfast.worker.redact.Mask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the two output files of an attempt and publishes them. One virtual thread per attempt
 * runs it; it looks often while the job prints, and ever more rarely while it does not.
 */
public final class OutputPublisher implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(OutputPublisher.class);
  private static final long SHORTEST_PAUSE_MS = 20;
  private static final long LONGEST_PAUSE_MS = 250;
  private static final long KEEP_EVERY_NS = 200_000_000;

  private final JobId job;
  private final List<StreamTail> tails;
  private final InFlight inFlight;
  private final Published.Keeper keeper;
  private final CompletableFuture<Published> done = new CompletableFuture<>();
  private volatile boolean ended;
  private volatile boolean closed;
  private Published kept;
  private long keptAtNs = System.nanoTime();

  /**
   * Made for one attempt.
   *
   * @param directory where its files {@code stdout} and {@code stderr} are
   * @param start from where to go on
   */
  public OutputPublisher(
      Source source,
      OutputLimit limit,
      OutputLog outputLog,
      Published start,
      Published.Keeper keeper) {
    this.job = source.job();
    this.tails =
        List.of(
            source.tail(OutputStreamName.STDOUT, "stdout", limit),
            source.tail(OutputStreamName.STDERR, "stderr", limit));
    this.inFlight = new InFlight(job, outputLog, start);
    this.keeper = keeper;
    this.kept = start;
  }

  /**
   * Whose output.
   *
   * @param directory with its files {@code stdout} and {@code stderr}
   * @param mask what must not be published of them; asked for when they are first there
   */
  public record Source(JobId job, Token token, Path directory, Supplier<Mask> mask) {
    private StreamTail tail(OutputStreamName stream, String file, OutputLimit limit) {
      return new StreamTail(token, stream, directory.resolve(file), mask, limit);
    }
  }

  /** The files will not grow any more. */
  public void ended() {
    ended = true;
    inFlight.wake();
  }

  /** Completes when all that is to be published of an ended attempt is acknowledged. */
  public CompletableFuture<Published> done() {
    return done;
  }

  /** How far the output is known to be safe. */
  public Published acknowledged() {
    return inFlight.acknowledged();
  }

  /** Stops where it is; what is not acknowledged will be published again. */
  public void close() {
    closed = true;
    inFlight.wake();
  }

  @Override
  public void run() {
    try {
      follow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeTails();
    }
  }

  private void follow() throws InterruptedException {
    long pauseMs = SHORTEST_PAUSE_MS;
    while (!closed) {
      // Read before the sizes: only a size seen after the end is final.
      boolean final_ = ended;
      Progress progress = publishOnce(final_);
      keep(false);
      if (inFlight.hasFailed()) {
        pauseMs = LONGEST_PAUSE_MS;
        if (inFlight.drainedWithFailure()) {
          log.debug("output of job {} is handed over again from what was acknowledged", job);
        }
      } else if (progress == Progress.DONE && !inFlight.drainedWithFailure()) {
        keep(true);
        done.complete(inFlight.acknowledged());
        return;
      } else {
        pauseMs =
            progress == Progress.SOME
                ? SHORTEST_PAUSE_MS
                : Math.min(LONGEST_PAUSE_MS, pauseMs + pauseMs / 4);
      }
      inFlight.pause(pauseMs);
    }
  }

  private enum Progress {
    NONE,
    SOME,
    DONE
  }

  private Progress publishOnce(boolean final_) throws InterruptedException {
    boolean some = false;
    int finished = 0;
    for (StreamTail tail : tails) {
      try {
        Next next = tail.next(inFlight.handedOver(tail.stream()), final_);
        for (Optional<OutputChunk> chunk = tail.read(next);
            chunk.isPresent() && !inFlight.hasFailed() && !closed;
            chunk = tail.read(next)) {
          inFlight.send(chunk.get());
          some = true;
          next = tail.next(inFlight.handedOver(tail.stream()), final_);
        }
        finished += next instanceof Next.Done ? 1 : 0;
      } catch (IOException e) {
        log.warn("cannot read {} of job {}; trying again: {}", tail.stream(), job, e.toString());
      }
    }
    if (finished == tails.size() && !inFlight.hasFailed()) {
      return Progress.DONE;
    }
    return some ? Progress.SOME : Progress.NONE;
  }

  private void keep(boolean now) {
    Published acknowledged = inFlight.acknowledged();
    if (acknowledged.equals(kept) || (!now && System.nanoTime() - keptAtNs < KEEP_EVERY_NS)) {
      return;
    }
    try {
      keeper.keep(acknowledged);
      kept = acknowledged;
      keptAtNs = System.nanoTime();
    } catch (IOException e) {
      // Only costs duplicates after a crash, and readers drop those.
      log.debug("cannot keep the output position of job {}: {}", job, e.toString());
    }
  }

  private void closeTails() {
    for (StreamTail tail : tails) {
      try {
        tail.close();
      } catch (IOException e) {
        log.debug("cannot close {} of job {}: {}", tail.stream(), job, e.toString());
      }
    }
  }
}
