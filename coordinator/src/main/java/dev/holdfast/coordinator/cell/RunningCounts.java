package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.job.Job;
import java.util.HashMap;
import java.util.Map;

/** How many jobs run, by the keys of the limits that would count them. */
final class RunningCounts {
  private final Map<String, Integer> counts = new HashMap<>();

  void add(Job job) {
    LimitKeys.of(job).forEach(key -> counts.merge(key, 1, Integer::sum));
  }

  void remove(Job job) {
    LimitKeys.of(job).forEach(key -> counts.computeIfPresent(key, (k, n) -> n == 1 ? null : n - 1));
  }

  int of(String key) {
    return counts.getOrDefault(key, 0);
  }
}
