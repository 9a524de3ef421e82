package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a running command whose worker can no longer prove its lease. */
public enum OnLostLease {
  /** It is frozen, and thawed when the lease is renewed. */
  @JsonProperty("freeze")
  FREEZE,
  /** It runs on; its outcome is refused if another attempt was started meanwhile. */
  @JsonProperty("continue")
  CONTINUE,
  /** It is ended, and its attempt lost. */
  @JsonProperty("end")
  END
}
