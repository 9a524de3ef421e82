package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a job waits for that is not ready yet. */
public enum WaitReason {
  /** Its earliest start. */
  @JsonProperty("not-before")
  NOT_BEFORE,
  /** The wait before a retry. */
  @JsonProperty("backoff")
  BACKOFF,
  /** Locks that others hold or wait for before it. */
  @JsonProperty("locks")
  LOCKS
}
