package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How long ago a running attempt last gave a sign of life, on the log's own clock. */
public enum Health {
  /** Less than half of stale-after. */
  @JsonProperty("on-time")
  ON_TIME,
  /** Half of stale-after or more; its worker was told to look. */
  @JsonProperty("late")
  LATE,
  /** Stale-after or more; a requeue was proposed. */
  @JsonProperty("stale")
  STALE
}
