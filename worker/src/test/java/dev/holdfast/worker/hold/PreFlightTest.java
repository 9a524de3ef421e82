package dev.holdfast.worker.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.hold.PreFlight.Situation;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PreFlightTest {
  /** A lease of 90 s. */
  private static final Liveness LIVENESS = Liveness.DEFAULT;

  private static Optional<String> refusal(
      OptionalLong sentAtMs, boolean draining, boolean slotFree) {
    return PreFlight.refusal(new Situation(sentAtMs, 100_000, draining, slotFree), LIVENESS);
  }

  @Test
  void takesWhatAnswersAPresenceOfJustNow() {
    assertThat(refusal(OptionalLong.of(99_000), false, true)).isEmpty();
  }

  @Test
  void refusesWhenLittleOfTheLeaseIsLeft() {
    assertThat(refusal(OptionalLong.of(40_000), false, true)).isEmpty();
    assertThat(refusal(OptionalLong.of(39_999), false, true))
        .hasValueSatisfying(why -> assertThat(why).contains("60001 ms"));
  }

  @Test
  void refusesWhatAnswersNoPresenceThatItKnows() {
    assertThat(refusal(OptionalLong.empty(), false, true)).isPresent();
  }

  @Test
  void refusesWhileDrainingOrFull() {
    assertThat(refusal(OptionalLong.of(99_000), true, true)).contains("the worker is draining");
    assertThat(refusal(OptionalLong.of(99_000), false, false))
        .contains("all slots of the worker are taken");
  }
}
