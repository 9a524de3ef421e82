package dev.holdfast.schemas.worker;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.schemas.Require;

/** Names one worker for ever; kept in its data directory. */
public record WorkerId(@JsonValue String value) implements Comparable<WorkerId> {
  @JsonCreator
  public WorkerId {
    Require.id("worker", value);
  }

  @Override
  public int compareTo(WorkerId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
