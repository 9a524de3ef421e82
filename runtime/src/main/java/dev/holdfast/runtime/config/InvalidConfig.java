package dev.holdfast.runtime.config;

import java.util.List;

/** A configuration that cannot be used, with all of its problems. */
public final class InvalidConfig extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  InvalidConfig(List<String> problems) {
    super("the configuration cannot be used:\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
