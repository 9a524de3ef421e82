package dev.holdfast.standalone.demo;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * One claim, put to the test.
 *
 * @param recovery how long it took to be whole again
 * @param held whether what was seen is what was claimed
 */
record Finding(
    Claim claim,
    String jobs,
    String attempts,
    String what,
    Duration recovery,
    String output,
    boolean held) {

  /** Whether all was seen that is claimed: a claim that nobody tested did not hold. */
  static boolean allHeld(List<Finding> findings) {
    return Arrays.stream(Claim.values())
            .allMatch(claim -> findings.stream().anyMatch(finding -> finding.claim() == claim))
        && findings.stream().allMatch(Finding::held);
  }
}
