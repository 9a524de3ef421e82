package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.schemas.Require;

/** Names one job for ever. Chosen by the client or derived from its idempotency key. */
public record JobId(@JsonValue String value) implements Comparable<JobId> {
  @JsonCreator
  public JobId {
    Require.id("job", value);
  }

  @Override
  public int compareTo(JobId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
