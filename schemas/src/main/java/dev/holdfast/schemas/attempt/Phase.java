package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an attempt that holds a lease is doing. */
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
  COLLECTING
}
