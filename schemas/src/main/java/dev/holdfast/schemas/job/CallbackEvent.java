package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a callback can tell of a job. */
public enum CallbackEvent {
  /** An attempt was taken by its worker. */
  @JsonProperty("started")
  STARTED,
  /** No heartbeat for stale-after. */
  @JsonProperty("stale")
  STALE,
  /** Another attempt will be made. */
  @JsonProperty("requeued")
  REQUEUED,
  /** A restarted worker took up the living attempt. */
  @JsonProperty("adopted")
  ADOPTED,
  /** An attempt did not succeed and will be made again later. */
  @JsonProperty("retried")
  RETRIED,
  /** The job has reached its terminal state. */
  @JsonProperty("ended")
  ENDED
}
