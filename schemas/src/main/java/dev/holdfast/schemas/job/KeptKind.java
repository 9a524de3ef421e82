package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A kind of thing that an attempt leaves for a later one. */
public enum KeptKind {
  /** The job's own checkpoint directory. */
  @JsonProperty("checkpoint")
  CHECKPOINT,
  /** Changes in the workspace that no result holds yet. */
  @JsonProperty("work")
  WORK
}
