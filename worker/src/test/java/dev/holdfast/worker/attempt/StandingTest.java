package dev.holdfast.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Order;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class StandingTest {
  @ParameterizedTest
  @CsvSource({
    "UNANSWERED, CURRENT, CURRENT",
    "UNANSWERED, CANCELLING, CANCELLING",
    "UNANSWERED, SUPERSEDED, SUPERSEDED",
    "UNANSWERED, UNKNOWN, UNKNOWN",
    "UNKNOWN, UNKNOWN, ORPHAN",
    "UNKNOWN, CURRENT, CURRENT",
    "CURRENT, CANCELLING, CANCELLING",
    "CURRENT, UNKNOWN, CURRENT",
    "CANCELLING, CURRENT, CANCELLING",
    "CANCELLING, SUPERSEDED, SUPERSEDED",
  })
  void followsTheVerdict(Standing before, Order.Standing verdict, Standing after) {
    assertThat(before.told(verdict)).isEqualTo(after);
  }

  @ParameterizedTest
  @EnumSource(
      value = Standing.class,
      names = {"ORPHAN", "SUPERSEDED", "SETTLED"})
  void whatIsOverStaysOver(Standing over) {
    for (Order.Standing verdict : Order.Standing.values()) {
      assertThat(over.told(verdict)).isEqualTo(over);
    }
    for (Order.StopReason reason : Order.StopReason.values()) {
      assertThat(over.stopped(reason)).isEqualTo(over);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Standing.class,
      mode = Mode.EXCLUDE,
      names = {"ORPHAN", "SUPERSEDED", "SETTLED"})
  void anOrderToStopCountsBeforeAnyAnswer(Standing living) {
    assertThat(living.stopped(Order.StopReason.CANCELLED)).isEqualTo(Standing.CANCELLING);
    assertThat(living.stopped(Order.StopReason.SUPERSEDED)).isEqualTo(Standing.SUPERSEDED);
    assertThat(living.isOver()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aCancelledAttemptNeverRunsOn(long seed) {
    var random = new Random(seed);
    Standing standing = Standing.UNANSWERED;
    boolean cancelled = false;
    for (int i = 0; i < 50; i++) {
      if (random.nextInt(10) == 0) {
        standing = standing.stopped(Order.StopReason.CANCELLED);
        cancelled = true;
      } else {
        var verdicts = Order.Standing.values();
        standing = standing.told(verdicts[random.nextInt(verdicts.length)]);
      }
      assertThat(cancelled && standing == Standing.CURRENT).as("seed %d", seed).isFalse();
    }
  }

  @Test
  void oneUnknownIsNotEnough() {
    assertThat(Standing.UNANSWERED.told(Order.Standing.UNKNOWN).isOver()).isFalse();
  }
}
