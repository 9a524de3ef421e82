package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The two streams that a job writes. */
public enum OutputStreamName {
  @JsonProperty("stdout")
  STDOUT,
  @JsonProperty("stderr")
  STDERR
}
