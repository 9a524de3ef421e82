package dev.holdfast.worker.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.QuotaNotice;
import dev.holdfast.schemas.job.QuotaRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaScanTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Outcome FAILED = new Outcome.Exited(1);

  private static QuotaRule rule(@Nullable String pattern, Integer... codes) {
    return new QuotaRule("a", new TreeSet<>(List.of(codes)), pattern, Duration.ofMinutes(15));
  }

  private static Optional<QuotaNotice> scan(String pattern, String printed) {
    return QuotaScan.of(rule(pattern), FAILED, printed, NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T15:00:00Z, 2026-11-01T15:00:00Z",
    "2026-11-01T15:00:00+02:00, 2026-11-01T13:00:00Z",
    "PT3H, 2026-11-01T15:00:00Z",
    "1793545200, 2026-11-01T15:00:00Z",
    "1793545200000, 2026-11-01T15:00:00Z",
  })
  void readsTheReset(String said, Instant resetAt) {
    Optional<QuotaNotice> notice =
        scan(
            "limit reached, resets at (?<reset>\\S+)",
            "x\nlimit reached, resets at " + said + "\n");

    assertThat(notice).contains(new QuotaNotice(resetAt, "limit reached, resets at " + said));
  }

  @ParameterizedTest
  @CsvSource({"limit until (?<reset>\\S+),limit until tomorrow", "limit reached,limit reached"})
  void isToldWithoutAResetThatCanBeRead(String pattern, String printed) {
    assertThat(scan(pattern, printed)).contains(new QuotaNotice(null, printed));
  }

  @Test
  void takesTheLastThatWasSaid() {
    assertThat(scan("limit (?<reset>PT\\dH)", "limit PT1H\nlimit PT2H\n").orElseThrow().resetAt())
        .isEqualTo(NOW.plus(Duration.ofHours(2)));
  }

  @Test
  void knowsItByExitCodeToo() {
    assertThat(QuotaScan.of(rule(null, 42), new Outcome.Exited(42), "", NOW))
        .contains(new QuotaNotice(null, "exit code 42"));
    assertThat(QuotaScan.of(rule(null, 42), new Outcome.Exited(1), "", NOW)).isEmpty();
  }

  @Test
  void asksNothingOfWhatSucceededOrWasCancelled() {
    assertThat(QuotaScan.of(rule("limit"), new Outcome.Exited(0), "limit", NOW)).isEmpty();
    assertThat(QuotaScan.of(rule("limit"), new Outcome.Cancelled(0), "limit", NOW)).isEmpty();
  }

  @Test
  void comesToAnEndWhateverThePattern() {
    assertThat(scan("(a+)+b", "a".repeat(60_000))).isEmpty();
  }
}
