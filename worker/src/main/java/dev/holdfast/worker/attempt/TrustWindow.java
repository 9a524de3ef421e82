package dev.holdfast.worker.attempt;

import dev.holdfast.schemas.lease.Liveness;

/**
 * The lease as the worker counts it, in milliseconds of the boot-time clock. Each count starts when
 * a sign of life was <em>sent</em>, which is always before anybody else starts to count, so no two
 * clocks are ever compared.
 *
 * @param deadlineMs until when the attempt may run; it only moves forward
 */
public record TrustWindow(Liveness liveness, long deadlineMs) {

  /** The window that a grant opens, counted from when the worker sent what the grant answers. */
  public static TrustWindow granted(Liveness liveness, long sentAtMs) {
    return new TrustWindow(liveness, sentAtMs + liveness.lease().toMillis());
  }

  public boolean lapsedAt(long nowMs) {
    return nowMs >= deadlineMs;
  }

  public long remainingMs(long nowMs) {
    return Math.max(0, deadlineMs - nowMs);
  }

  /**
   * After a heartbeat was acknowledged. One sent after the window had lapsed proves nothing: the
   * job may be another worker's by then. Neither does one whose acknowledgement took too long.
   */
  public TrustWindow beaten(long sentAtMs, long ackedAtMs) {
    boolean inTime = ackedAtMs - sentAtMs <= liveness.deliveryTimeout().toMillis();
    return inTime && !lapsedAt(sentAtMs) ? countedFrom(sentAtMs) : this;
  }

  /** After the coordinator granted the lease again, in answer to a request sent at that time. */
  public TrustWindow renewed(long requestSentAtMs) {
    return countedFrom(requestSentAtMs);
  }

  private TrustWindow countedFrom(long sentAtMs) {
    long deadline = sentAtMs + liveness.lease().toMillis();
    return deadline > deadlineMs ? new TrustWindow(liveness, deadline) : this;
  }
}
