package dev.holdfast.coordinator.stream;

/**
 * When to ask for a commit: at once while records come one by one, since everybody waits for it;
 * not at all while they come in masses, so that the commit interval makes transactions larger, not
 * more frequent. A pure function of the times it is handed; owned by the stream thread.
 */
final class CommitPace {
  private static final long LEAST_BETWEEN_NANOS = 4_000_000;
  private static final int MASS = 50;

  private long askedNanos;
  private int records;

  CommitPace(long nowNanos) {
    this.askedNanos = nowNanos - LEAST_BETWEEN_NANOS;
  }

  /** A record was processed; true if a commit should be asked for now. */
  boolean processed(long nowNanos) {
    records++;
    return ask(nowNanos);
  }

  /** Time went by; true if a commit should be asked for what came since the last one. */
  boolean looked(long nowNanos) {
    return records > 0 && ask(nowNanos);
  }

  private boolean ask(long nowNanos) {
    if (nowNanos - askedNanos < LEAST_BETWEEN_NANOS) {
      return false;
    }
    boolean few = records < MASS;
    askedNanos = nowNanos;
    records = 0;
    return few;
  }
}
