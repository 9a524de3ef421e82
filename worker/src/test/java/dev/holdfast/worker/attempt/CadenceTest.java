package dev.holdfast.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CadenceTest {
  private static final long SECOND = 1_000_000_000;

  private final Cadence cadence = new Cadence(Duration.ofSeconds(30));

  @Test
  void triesAgainAfterASixthUntilAcknowledged() {
    assertThat(cadence.afterSendNs(100 * SECOND)).isEqualTo(105 * SECOND);
  }

  @Test
  void beatsOnceAnIntervalWithTenPercentOfJitterToTheEarlierSide() {
    assertThat(cadence.afterAckNs(100 * SECOND, 0)).isEqualTo(130 * SECOND);
    assertThat(cadence.afterAckNs(100 * SECOND, 1)).isEqualTo(127 * SECOND);
  }
}
