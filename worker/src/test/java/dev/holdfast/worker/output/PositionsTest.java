package dev.holdfast.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PositionsTest {
  private final Positions positions = new Positions(10);

  @Test
  void acknowledgesOnlyUpToTheFirstGap() {
    var first = positions.handOver(20);
    var second = positions.handOver(30);

    positions.land(second);
    assertThat(positions.acknowledged()).isEqualTo(10);

    positions.land(first);
    assertThat(positions.acknowledged()).isEqualTo(30);
    assertThat(positions.handedOver()).isEqualTo(30);
  }

  @Test
  void startsOverFromWhatIsAcknowledged() {
    var first = positions.handOver(20);
    var second = positions.handOver(30);
    positions.land(first);

    positions.startOver();
    positions.land(second);

    assertThat(positions.handedOver()).isEqualTo(20);
    assertThat(positions.acknowledged()).isEqualTo(20);
  }
}
