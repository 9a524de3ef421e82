package dev.holdfast.drill.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
  private static final Duration LENGTH = Duration.ofMinutes(2);
  private static final List<String> TARGETS =
      List.of("broker", "coordinator", "monitor", "gateway", "worker-1", "worker-2");

  @Test
  void killsEveryTargetAtLeastFourTimesWhateverTheSeed() {
    for (long seed = 0; seed < 10_000; seed++) {
      List<String> killed =
          FaultPlan.of(seed, LENGTH, TARGETS).faults().stream()
              .map(FaultPlan.Fault::target)
              .toList();

      for (String target : TARGETS) {
        assertThat(killed).filteredOn(target::equals).hasSizeGreaterThanOrEqualTo(4);
      }
    }
  }

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(FaultPlan.of(7, LENGTH, TARGETS)).isEqualTo(FaultPlan.of(7, LENGTH, TARGETS));
    assertThat(FaultPlan.of(7, LENGTH, TARGETS)).isNotEqualTo(FaultPlan.of(8, LENGTH, TARGETS));
  }
}
