package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.schemas.Require;

/**
 * Fencing token: grows with every assignment of a cell, so also of a job; the newest wins. Source:
 * Kleppmann, "How to do distributed locking", 2016.
 */
public record Token(@JsonValue long value) implements Comparable<Token> {
  @JsonCreator
  public Token {
    Require.atLeast("token", 1, value);
  }

  @Override
  public int compareTo(Token other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
