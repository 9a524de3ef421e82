package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a job became assignable again. */
public enum RequeueReason {
  /** Its attempt is known to be gone without an outcome. Counts as a lost attempt. */
  @JsonProperty("lost")
  LOST(true),
  /** No heartbeat for stale-after on the log's clock. Counts as a lost attempt. */
  @JsonProperty("stale")
  STALE(true),
  /** Its worker handed it back, promising never to start that token. Costs no attempt. */
  @JsonProperty("released")
  RELEASED(false),
  /** Its worker restarted and never took the assignment. Costs no attempt. */
  @JsonProperty("never-arrived")
  NEVER_ARRIVED(false),
  /** Its account's limit is reached: it waits for the reset. Costs no attempt. */
  @JsonProperty("quota")
  QUOTA(false);

  private final boolean costsAttempt;

  RequeueReason(boolean costsAttempt) {
    this.costsAttempt = costsAttempt;
  }

  /** Whether the job came one nearer to being given up. */
  public boolean costsAttempt() {
    return costsAttempt;
  }
}
