package dev.holdfast.drill.fault;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which process is killed when.
 *
 * @param faults in the order of time
 */
public record FaultPlan(List<Fault> faults) {
  private static final long SHORTEST_PAUSE_MS = 1_500;
  private static final long LONGEST_PAUSE_MS = 4_500;

  public FaultPlan {
    faults = List.copyOf(faults);
  }

  /**
   * kill -9 of one process.
   *
   * @param at time since the start of the drill
   */
  public record Fault(Duration at, String target) {}

  /**
   * Kills at random times a few seconds apart, until {@code length} is over; in rounds, each of
   * which meets every target once, in random order.
   */
  public static FaultPlan of(long seed, Duration length, List<String> targets) {
    var random = new SplittableRandom(seed);
    var faults = new ArrayList<Fault>();
    var round = new ArrayDeque<String>();
    long atMs = 0;
    while (true) {
      atMs += random.nextLong(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
      if (atMs > length.toMillis()) {
        return new FaultPlan(faults);
      }
      if (round.isEmpty()) {
        var shuffled = new ArrayList<>(targets);
        Collections.shuffle(shuffled, random);
        round.addAll(shuffled);
      }
      faults.add(new Fault(Duration.ofMillis(atMs), round.remove()));
    }
  }
}
