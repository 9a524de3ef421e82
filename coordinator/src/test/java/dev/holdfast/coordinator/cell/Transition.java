package dev.holdfast.coordinator.cell;

import java.util.List;
import java.util.stream.Collectors;

/** What the machine makes of one input in one state. */
record Transition(
    Situation from, Stimulus input, Situation to, List<String> events, List<String> effects) {

  /** Runs the machine. */
  static Transition of(Situation from, Stimulus input) {
    CellFixtures cell = from.reached();
    Decision decision = cell.give(input.given(cell));
    return new Transition(
        from,
        input,
        Situation.of(cell.cell()),
        decision.events().stream().map(Names::of).toList(),
        decision.effects().stream().map(Names::of).toList());
  }

  boolean isNothing() {
    return to == from && events.isEmpty() && effects.isEmpty();
  }

  /** e.g. {@code queued-again: requeued(lost); close lease, order clean}. */
  String told() {
    return "%s: %s; %s".formatted(to == from ? "same" : to.label(), list(events), list(effects));
  }

  private static String list(List<String> words) {
    return words.isEmpty() ? "-" : words.stream().collect(Collectors.joining(", "));
  }
}
