package dev.holdfast.worker.hold;

import dev.holdfast.schemas.lease.Liveness;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether an assignment can be taken: the check before anything of it is made. */
final class PreFlight {
  /** So much of the lease must be left, or the first heartbeat might come too late. */
  private static final int LEAST_PART_OF_LEASE = 3;

  private PreFlight() {}

  /**
   * What the worker knows when the assignment comes.
   *
   * @param presenceSentAtMs when it sent the presence that the assignment answers
   */
  record Situation(OptionalLong presenceSentAtMs, long nowMs, boolean draining, boolean slotFree) {}

  /** Why it cannot be taken; empty if it can. */
  static Optional<String> refusal(Situation now, Liveness liveness) {
    if (now.draining()) {
      return Optional.of("the worker is draining");
    }
    if (now.presenceSentAtMs().isEmpty()) {
      return Optional.of("the assignment answers a presence that the worker does not remember");
    }
    if (!now.slotFree()) {
      return Optional.of("all slots of the worker are taken");
    }
    long ageMs = now.nowMs() - now.presenceSentAtMs().getAsLong();
    long leaseMs = liveness.lease().toMillis();
    return leaseMs - ageMs < leaseMs / LEAST_PART_OF_LEASE
        ? Optional.of(
            "the assignment took %d ms of a lease of %d ms to arrive".formatted(ageMs, leaseMs))
        : Optional.empty();
  }
}
