package dev.holdfast.worker.presence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentTimesTest {
  @Test
  void forgetsTheOldest() {
    var times = new SentTimes(2);
    times.sent(1, 10);
    times.sent(2, 20);
    times.sent(3, 30);

    assertThat(times.of(1)).isEmpty();
    assertThat(times.of(2)).hasValue(20);
    assertThat(times.of(3)).hasValue(30);
  }
}
