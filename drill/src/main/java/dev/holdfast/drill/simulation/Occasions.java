package dev.holdfast.drill.simulation;

import java.util.EnumMap;
import java.util.Map;

/** How often what happened. */
final class Occasions {
  private final Map<Occasion, Integer> counts = new EnumMap<>(Occasion.class);

  void saw(Occasion occasion) {
    counts.merge(occasion, 1, Integer::sum);
  }

  void add(Occasions others) {
    others.counts.forEach((occasion, count) -> counts.merge(occasion, count, Integer::sum));
  }

  int count(Occasion occasion) {
    return counts.getOrDefault(occasion, 0);
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
