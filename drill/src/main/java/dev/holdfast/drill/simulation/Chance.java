package dev.holdfast.drill.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** Everything that a simulation leaves to chance follows from its seed. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    this(new SplittableRandom(seed));
  }

  private Chance(SplittableRandom random) {
    this.random = random;
  }

  /** A source of its own, so that what is drawn from one does not move what the other draws. */
  Chance split() {
    return new Chance(random.split());
  }

  boolean oneIn(int many) {
    return random.nextInt(many) == 0;
  }

  double fraction() {
    return random.nextDouble();
  }

  /** Both ends included. */
  long between(long least, long most) {
    return random.nextLong(least, most + 1);
  }

  /** Small numbers as likely as large ones, measured by their order of magnitude. */
  long spread(long least, long most) {
    return Math.round(least * Math.pow((double) most / least, random.nextDouble()));
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
