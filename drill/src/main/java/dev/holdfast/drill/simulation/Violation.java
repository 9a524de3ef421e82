package dev.holdfast.drill.simulation;

/** An invariant was found broken; the message tells the story of the job in question. */
final class Violation extends RuntimeException {
  private final Invariant invariant;

  Violation(Invariant invariant, String found, String story) {
    this(
        invariant,
        "%s: expected that %s; found that %s%n%s"
            .formatted(invariant, invariant.promise(), found, story));
  }

  private Violation(Invariant invariant, String message) {
    super(message);
    this.invariant = invariant;
  }

  Violation withSeed(long seed) {
    return new Violation(invariant, "seed " + seed + ": " + getMessage());
  }

  Invariant invariant() {
    return invariant;
  }
}
