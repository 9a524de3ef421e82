package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.WorkerId;

/**
 * An open lease as the watch knows it. Times are of the partition's log clock.
 *
 * @param lastBeatMs when it was opened or last beat
 * @param dueMs where its one entry stands in the deadline index
 */
public record Lease(
    Token token,
    long leaseSequence,
    WorkerId worker,
    Liveness liveness,
    long lastBeatMs,
    Stage stage,
    long dueMs) {
  /** Before every sequence that the coordinator gives. */
  private static final long UNKNOWN_SEQUENCE = 0;

  public Lease {
    Require.present("token", token);
    Require.present("worker", worker);
    Require.present("liveness", liveness);
    Require.present("stage", stage);
  }

  static Lease opened(LeaseRecord.Opened opened, long nowMs) {
    return new Lease(
        opened.token(),
        opened.leaseSequence(),
        opened.worker(),
        opened.liveness(),
        nowMs,
        Stage.ON_TIME,
        nowMs + opened.liveness().lateAfter().toMillis());
  }

  /**
   * The lease sequence is not known then: a proposal under it is refused, and told the true one.
   */
  static LeaseRecord.Opened openingSeenIn(LeaseRecord.Heartbeat heartbeat) {
    return new LeaseRecord.Opened(
        heartbeat.token(), UNKNOWN_SEQUENCE, heartbeat.worker(), heartbeat.liveness());
  }

  /** The coordinator has moved on: another attempt, or this one renewed. */
  boolean isOlderThan(LeaseRecord.Opened opened) {
    int byToken = token.compareTo(opened.token());
    return byToken != 0 ? byToken < 0 : leaseSequence < opened.leaseSequence();
  }

  /** Alive again. The index entry stays: it is never later than the deadlines that this moves. */
  Lease beaten(long nowMs) {
    return new Lease(token, leaseSequence, worker, liveness, nowMs, Stage.ON_TIME, dueMs);
  }

  Lease at(Stage next, long nextDueMs) {
    return new Lease(token, leaseSequence, worker, liveness, lastBeatMs, next, nextDueMs);
  }

  long lateAtMs() {
    return lastBeatMs + liveness.lateAfter().toMillis();
  }

  long staleAtMs() {
    return lastBeatMs + liveness.staleAfter().toMillis();
  }
}
