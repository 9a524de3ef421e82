package dev.holdfast.drill.simulation;

/** A machine's way to the broker, and back: either may be cut while the other is open. */
final class Link {
  private static final long LONGEST_MS = 30;
  private static final int HICCUP_ONE_IN = 40;
  private static final long LONGEST_HICCUP_MS = 2_000;
  private static final long LONGEST_WHEN_SLOW_MS = 15_000;

  private final Broker broker;
  private final Chance chance;
  private int outwardCuts;
  private int inwardCuts;
  private int slow;

  Link(Broker broker, Chance chance) {
    this.broker = broker;
    this.chance = chance;
  }

  /** Whether what is sent to the broker arrives. */
  boolean outward() {
    return outwardCuts == 0 && broker.up();
  }

  /** Whether what the broker says is heard. */
  boolean inward() {
    return inwardCuts == 0 && broker.up();
  }

  boolean open() {
    return outward() && inward();
  }

  /** How long one message takes. Each takes its own time, so they overtake one another. */
  long transitMs() {
    if (slow > 0) {
      return chance.between(1, LONGEST_WHEN_SLOW_MS);
    }
    return chance.between(1, chance.oneIn(HICCUP_ONE_IN) ? LONGEST_HICCUP_MS : LONGEST_MS);
  }

  void cutOutward() {
    outwardCuts++;
  }

  void mendOutward() {
    outwardCuts--;
  }

  void cutInward() {
    inwardCuts++;
  }

  void mendInward() {
    inwardCuts--;
  }

  void slowDown() {
    slow++;
  }

  void speedUp() {
    slow--;
  }
}
