package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.worker.attempt.Cadence;
import dev.holdfast.worker.attempt.TrustWindow;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/** One attempt's lease, as a worker keeps it. */
final class KeptLease {
  private final HeldAttempt attempt;
  private final LongConsumer file;
  private final Cadence cadence;
  private final Map<Long, Long> renewalsSentMs = new HashMap<>();
  private TrustWindow window;
  private Phase phase;
  private boolean renewable;
  private long dueMs;

  /**
   * Not yet kept.
   *
   * @param file where the shim reads the deadline
   */
  KeptLease(HeldAttempt attempt, TrustWindow window, Phase phase, LongConsumer file) {
    this.attempt = attempt;
    this.window = window;
    this.phase = phase;
    this.file = file;
    this.cadence = new Cadence(window.liveness().heartbeat());
  }

  HeldAttempt attempt() {
    return attempt;
  }

  Cadence cadence() {
    return cadence;
  }

  TrustWindow window() {
    return window;
  }

  /** The file moves first: the worker never trusts more than the shim does. */
  void extend(TrustWindow next) {
    if (!next.equals(window)) {
      file.accept(next.deadlineMs());
      window = next;
    }
  }

  Phase phase() {
    return phase;
  }

  void enter(Phase next) {
    phase = next;
  }

  boolean renewable() {
    return renewable;
  }

  void mayRenew() {
    renewable = true;
  }

  long dueMs() {
    return dueMs;
  }

  void due(long atMs) {
    dueMs = atMs;
  }

  void renewalSent(long request, long sentAtMs) {
    renewalsSentMs.put(request, sentAtMs);
  }

  /** The window after the answer to a renewal; only this incarnation's own requests count. */
  TrustWindow renewed(long request) {
    Long sentAtMs = renewalsSentMs.remove(request);
    return sentAtMs == null ? window : window.renewed(sentAtMs);
  }
}
