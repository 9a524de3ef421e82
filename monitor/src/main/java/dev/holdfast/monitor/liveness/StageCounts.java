package dev.holdfast.monitor.liveness;

import java.util.EnumMap;
import java.util.Map;

/** How many open leases are in each stage. */
final class StageCounts {
  private final Map<Stage, Integer> counts = new EnumMap<>(Stage.class);

  void entered(Stage stage) {
    counts.merge(stage, 1, Integer::sum);
  }

  void left(Stage stage) {
    counts.merge(stage, -1, Integer::sum);
  }

  int of(Stage stage) {
    return counts.getOrDefault(stage, 0);
  }

  int open() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
