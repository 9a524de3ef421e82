package dev.holdfast.coordinator.cell;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** States that most inputs treat alike. */
enum Group {
  WAITING(Situation.QUEUED, Situation.QUEUED_AGAIN),
  UNREADY(Situation.DEFERRED, Situation.BACKING_OFF),
  ATTEMPTED(Situation.ASSIGNED, Situation.STALE),
  ENDED_ATTEMPT(Situation.SUCCEEDED, Situation.CANCELLED);

  private final Situation first;
  private final Situation last;

  Group(Situation first, Situation last) {
    this.first = first;
    this.last = last;
  }

  static Optional<Group> of(Situation state) {
    return Arrays.stream(values()).filter(group -> group.members().contains(state)).findAny();
  }

  Set<Situation> members() {
    return EnumSet.range(first, last);
  }

  String label() {
    return Names.of(this);
  }
}
