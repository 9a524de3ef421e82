package dev.holdfast.coordinator.cell;

import java.util.function.ToIntFunction;

/**
 * Whose turn it is: the owner's with the smallest number of running jobs for its weight, and among
 * equals the job's with the first place. That is weighted round robin by running share: whoever has
 * little running catches up first, however long the others' queues are.
 */
final class Shares {
  private final ToIntFunction<String> running;
  private final ToIntFunction<String> weight;

  /** By how many jobs an owner has running, and by its weight. */
  Shares(ToIntFunction<String> running, ToIntFunction<String> weight) {
    this.running = running;
    this.weight = weight;
  }

  boolean precedes(String owner, Place place, String other, Place otherPlace) {
    int byShare =
        Long.compare(
            (long) running.applyAsInt(owner) * weight.applyAsInt(other),
            (long) running.applyAsInt(other) * weight.applyAsInt(owner));
    return byShare != 0 ? byShare < 0 : place.compareTo(otherPlace) < 0;
  }
}
