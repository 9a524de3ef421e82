package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What an attempt that holds a lease is doing. An attempt goes through them in this order, and may
 * leave some out.
 */
public enum Phase {
  /** Granted; its worker has not reported it taken yet. */
  @JsonProperty("assigned")
  ASSIGNED,
  /** Its workspace is being made. */
  @JsonProperty("preparing")
  PREPARING,
  /** Its code index is being made or checked. */
  @JsonProperty("indexing")
  INDEXING,
  /** Its command or handler runs. */
  @JsonProperty("running")
  RUNNING,
  /** It has ended; output and changes are being collected. */
  @JsonProperty("collecting")
  COLLECTING;

  /** Whether an attempt comes to this phase after that one. */
  public boolean isAfter(Phase other) {
    return compareTo(other) > 0;
  }
}
