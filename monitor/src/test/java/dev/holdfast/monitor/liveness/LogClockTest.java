package dev.holdfast.monitor.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogClockTest {
  @ParameterizedTest(name = "{6}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 |   0 | 1 |    0 | 1 |     0 | the first tick of all starts the clock
          0 |   0 | 1 | 7000 | 1 |     0 | the first of an incarnation carries no time, whatever it says
          1 | 500 | 1 | 5000 | 1 |  5500 | a tick moves the clock by what it carries
          1 | 500 | 1 |    0 | 1 |   500 | a tick may carry nothing
          1 | 500 | 1 | 9999 | 1 | 10499 | just under the cap counts in full
          1 | 500 | 1 |99999 | 1 | 10500 | a tick counts for no more than two intervals
          3 | 500 | 2 | 5000 | 3 |   500 | a tick of an older incarnation is ignored
          3 | 500 | 9 | 5000 | 9 |   500 | a newer incarnation takes over without adding time
          """)
  void foldsTicks(
      long incarnation,
      long elapsedMs,
      long tickIncarnation,
      long tickMs,
      long incarnationAfter,
      long elapsedAfterMs,
      String name) {
    var clock = new LogClock(incarnation, elapsedMs);

    LogClock after = clock.after(new Tick(tickIncarnation, tickMs), Duration.ofSeconds(10));

    assertThat(after).as(name).isEqualTo(new LogClock(incarnationAfter, elapsedAfterMs));
  }
}
