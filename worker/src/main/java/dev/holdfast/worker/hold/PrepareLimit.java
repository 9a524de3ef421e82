package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.worker.keep.Terms;
import java.time.Duration;
import java.util.Locale;

/** How long it may take until an attempt's command can start; counted anew by each incarnation. */
final class PrepareLimit {
  private final Duration limit;
  private final long begunNs = System.nanoTime();

  /** Begins to count, once for all tries of an incarnation. */
  PrepareLimit(JobSpec spec, Terms terms) {
    Duration asked = spec.timeouts().prepare();
    this.limit = asked == null ? terms.prepareAtMost() : asked;
  }

  boolean over() {
    return !hasRoomFor(Duration.ZERO);
  }

  boolean hasRoomFor(Duration wait) {
    return System.nanoTime() - begunNs + wait.toNanos() < limit.toNanos();
  }

  Outcome timedOut() {
    return new Outcome.TimedOut("prepare");
  }

  @Override
  public String toString() {
    return limit.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
