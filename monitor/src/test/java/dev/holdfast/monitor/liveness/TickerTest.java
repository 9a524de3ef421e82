package dev.holdfast.monitor.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TickerTest {
  private static final long INCARNATION = 7;

  private final Ticker ticker = new Ticker(INCARNATION, Duration.ofSeconds(5));

  @Test
  void carriesNothingInItsFirstTick() {
    assertThat(ticker.next(ms(123_456))).contains(new Tick(INCARNATION, 0));
  }

  @ParameterizedTest(name = "sent at 0, returned at {0}, now {1}: carries {2}")
  @CsvSource({
    "   50,   5000,  5000",
    "   50,   7300,  7300",
    "   50,  10000, 10000",
    "   50, 600000, 10000",
    " 5000,   5000,  5000",
    "60000,  60000,  5000",
    "60000,  61000,  6000",
    "60000, 900000, 10000",
  })
  void countsFromThePreviousTickButNotWhatThatWaitedForTheLog(
      long returnedMs, long nowMs, long carriedMs) {
    ticker.next(ms(0));

    ticker.returned(new Tick(INCARNATION, 0), ms(returnedMs));

    assertThat(ticker.next(ms(nowMs))).contains(new Tick(INCARNATION, carriedMs));
  }

  @Test
  void waitsForAnInterval() {
    ticker.next(ms(0));
    ticker.returned(new Tick(INCARNATION, 0), ms(20));

    assertThat(ticker.next(ms(4_999))).isEmpty();
    assertThat(ticker.next(ms(5_000))).isPresent();
  }

  @Test
  void hasOneTickInFlight() {
    ticker.next(ms(0));

    assertThat(ticker.next(ms(60_000))).isEmpty();
  }

  @Test
  void doesNotMistakeTheTickOfAnotherIncarnationForItsOwn() {
    ticker.next(ms(0));

    ticker.returned(new Tick(INCARNATION - 1, 5_000), ms(20));

    assertThat(ticker.next(ms(60_000))).isEmpty();
  }

  @Test
  void startsOverWithoutTimeWhenTheLogHasLostATick() {
    ticker.next(ms(0));

    Optional<Tick> afterLoss = ticker.next(ms(501_000));

    assertThat(afterLoss).contains(new Tick(INCARNATION, 0));
    assertThat(ticker.next(ms(501_001))).isEmpty();
  }

  @Test
  void bearsAClockThatWrapsAround() {
    ticker.next(Long.MAX_VALUE - 10);
    ticker.returned(new Tick(INCARNATION, 0), Long.MAX_VALUE);

    assertThat(ticker.next(Long.MAX_VALUE - 10 + ms(5_000))).contains(new Tick(INCARNATION, 5_000));
  }

  private static long ms(long ms) {
    return Duration.ofMillis(ms).toNanos();
  }
}
