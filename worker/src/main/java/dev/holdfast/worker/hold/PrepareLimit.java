package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.Outcome;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How long it may take until an attempt's command can start; counted anew by each incarnation. */
final class PrepareLimit {
  private final Duration limit;
  private final long begunNs = System.nanoTime();

  /**
   * Begins to count.
   *
   * @param asked the job's own limit
   */
  PrepareLimit(@Nullable Duration asked, Duration otherwise) {
    this.limit = asked == null ? otherwise : asked;
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
