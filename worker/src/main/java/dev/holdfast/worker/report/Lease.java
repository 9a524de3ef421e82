package dev.holdfast.worker.report;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.worker.attempt.Cadence;
import dev.holdfast.worker.attempt.TrustWindow;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's lease. What other threads may touch is volatile; the rest belongs to the heartbeat
 * thread.
 */
public final class Lease {
  /** So many unanswered renewals are remembered; an answer to an older one is not believed. */
  private static final int MOST_REQUESTS = 64;

  private final HeldAttempt attempt;
  private final LeaseFile file;
  private final Cadence cadence;
  private final Map<Long, Long> renewalsSentMs = new LinkedHashMap<>();
  private volatile TrustWindow window;
  private volatile Phase phase;
  private volatile boolean renewable;
  private volatile @Nullable Progress progress;
  private long dueNs;

  /** While a request is on its way to the log, for ever; then until an answer may be expected. */
  private long askFromMs;

  /** A lease to be kept by {@link Heartbeats}. */
  public Lease(HeldAttempt attempt, TrustWindow window, Phase phase, LeaseFile file) {
    this.attempt = attempt;
    this.window = window;
    this.phase = phase;
    this.file = file;
    this.cadence = new Cadence(window.liveness().heartbeat());
  }

  public HeldAttempt attempt() {
    return attempt;
  }

  public TrustWindow window() {
    return window;
  }

  public Phase phase() {
    return phase;
  }

  /** What later heartbeats say. */
  public void enter(Phase next) {
    phase = next;
  }

  @Nullable Progress progress() {
    return progress;
  }

  /** How far the job says it is; later heartbeats say so too. */
  public void progress(Progress now) {
    progress = now;
  }

  /** The coordinator has said that the attempt is current: once lapsed, the lease is asked for. */
  public void mayRenew() {
    renewable = true;
  }

  LeaseFile file() {
    return file;
  }

  Cadence cadence() {
    return cadence;
  }

  void window(TrustWindow next) {
    window = next;
  }

  long dueNs() {
    return dueNs;
  }

  void due(long atNs) {
    dueNs = atNs;
  }

  /** Whether to ask, again or at all. */
  boolean asksAt(long nowMs) {
    return renewable && nowMs >= askFromMs;
  }

  void renewalSent(long request, long sentAtMs) {
    askFromMs = Long.MAX_VALUE;
    renewalsSentMs.put(request, sentAtMs);
    if (renewalsSentMs.size() > MOST_REQUESTS) {
      renewalsSentMs.remove(renewalsSentMs.keySet().iterator().next());
    }
  }

  /**
   * The log has a request, so that it will be answered: another one within half a lease would only
   * make the coordinator's work more. One that waited long for the broker buys too little time.
   */
  void renewalLogged(long sentAtMs, long nowMs) {
    boolean fresh = nowMs - sentAtMs <= window.liveness().deliveryTimeout().toMillis();
    askFromMs = fresh ? sentAtMs + window.liveness().lease().dividedBy(2).toMillis() : nowMs;
  }

  /** The log will not have it. */
  void renewalFailed(long nowMs) {
    askFromMs = nowMs;
  }

  /** The window after an answer to a renewal; unchanged if this incarnation never sent it. */
  TrustWindow renewed(long request) {
    Long sentAtMs = renewalsSentMs.remove(request);
    return sentAtMs == null ? window : window.renewed(sentAtMs);
  }
}
