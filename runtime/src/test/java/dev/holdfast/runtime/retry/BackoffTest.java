package dev.holdfast.runtime.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  @ParameterizedTest
  @CsvSource({"1, 100", "2, 200", "3, 400", "6, 3200", "7, 5000", "8, 5000", "1000000, 5000"})
  void doublesUpToTheMost(int failures, long delayMs) {
    assertThat(BACKOFF.after(failures, 1)).isEqualTo(Duration.ofMillis(delayMs));
    assertThat(BACKOFF.after(failures, 0)).isEqualTo(Duration.ofMillis(delayMs / 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void countsAtLeastOneFailure(int failures) {
    assertThat(BACKOFF.after(failures, 1)).isEqualTo(BACKOFF.after(1, 1));
  }

  @Test
  void spreadsWhoeverFailedTogether() {
    var random = new Random(1);

    for (int i = 0; i < 1_000; i++) {
      assertThat(BACKOFF.after(4, random.nextDouble()))
          .isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
    }
  }

  @Test
  void doesNotOverflow() {
    var slow = new Backoff(Duration.ofDays(1), Duration.ofDays(30));

    assertThat(slow.after(Integer.MAX_VALUE, 1)).isEqualTo(Duration.ofDays(30));
  }
}
