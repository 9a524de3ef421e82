package dev.holdfast.drill.simulation;

/** Whether processes die at the most awkward instants, and for how long they stay dead. */
final class Mischief {
  private final Chance chance;
  private int oneIn = Integer.MAX_VALUE;
  private boolean over;

  Mischief(Chance chance) {
    this.chance = chance;
  }

  /** From now on one in so many such instants is the last. */
  void begin(int strikesOneIn) {
    oneIn = strikesOneIn;
  }

  void end() {
    over = true;
  }

  boolean strikes() {
    return !over && oneIn < Integer.MAX_VALUE && chance.oneIn(oneIn);
  }

  /** Mostly shorter than a lease, now and then longer than a frozen attempt is kept. */
  long downtimeMs() {
    if (over) {
      return 0;
    }
    return chance.oneIn(5) ? chance.between(100_000, 1_200_000) : chance.spread(500, 100_000);
  }

  /** How long a process stands still at such an instant: never so long that its lease is over. */
  long standstillMs() {
    return chance.between(World.LIVENESS.lease().toMillis() / 6, World.LIVENESS.lease().toMillis());
  }

  /** For how much longer its machine has no network. */
  long deafnessMs() {
    return chance.between(0, 2 * World.LIVENESS.staleAfter().toMillis());
  }
}
