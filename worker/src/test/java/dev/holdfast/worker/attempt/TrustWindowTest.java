package dev.holdfast.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.lease.Liveness;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustWindowTest {
  /** Lease 90 s, delivery timeout 20 s. */
  private static final Liveness LIVENESS = Liveness.DEFAULT;

  private static final TrustWindow WINDOW = TrustWindow.granted(LIVENESS, 1_000_000);

  @Test
  void isCountedFromWhenTheAnsweredPresenceWasSent() {
    assertThat(WINDOW.deadlineMs()).isEqualTo(1_090_000);
    assertThat(WINDOW.lapsedAt(1_089_999)).isFalse();
    assertThat(WINDOW.lapsedAt(1_090_000)).isTrue();
  }

  @ParameterizedTest(name = "sent {0}, acknowledged {1}: until {2}")
  @CsvSource({
    // In time: counted from when it was sent, not from when it was acknowledged.
    "1030000, 1030005, 1120000",
    "1030000, 1050000, 1120000",
    // Acknowledged too late to count.
    "1030000, 1050001, 1090000",
    // Sent before the deadline and acknowledged after it: nobody else can have the job yet.
    "1089999, 1095000, 1179999",
    // Sent after the deadline: somebody else may have it.
    "1090000, 1090001, 1090000",
    "1200000, 1200001, 1090000",
    // Older than what counts already.
    "999999, 1000005, 1090000",
  })
  void aHeartbeatExtendsIt(long sentMs, long ackedMs, long deadlineMs) {
    assertThat(WINDOW.beaten(sentMs, ackedMs).deadlineMs()).isEqualTo(deadlineMs);
  }

  @Test
  void onceLapsedOnlyARenewalExtendsIt() {
    assertThat(WINDOW.beaten(1_100_000, 1_100_001)).isEqualTo(WINDOW);
    assertThat(WINDOW.renewed(1_100_000).deadlineMs()).isEqualTo(1_190_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void isNeverTrustedUntilAnyoneElseMayHaveTheJob(long seed) {
    var random = new Random(seed);
    var liveness = new Liveness(Duration.ofSeconds(1), Duration.ofSeconds(4 + random.nextInt(100)));
    long staleMs = liveness.staleAfter().toMillis();
    var window = TrustWindow.granted(liveness, 0);
    long nowMs = 0;
    // What the log has seen: a beat is in the log between being sent and being acknowledged.
    long newestInLogMs = 0;
    for (int i = 0; i < 200; i++) {
      long sentMs = nowMs + random.nextLong(staleMs / 2);
      long inLogMs = sentMs + random.nextLong(1000);
      long ackedMs = inLogMs + random.nextLong(staleMs / 3);
      if (inLogMs - newestInLogMs >= staleMs) {
        // The job was given to somebody else before this beat arrived.
        assertThat(window.lapsedAt(newestInLogMs + staleMs)).as("seed %d", seed).isTrue();
        return;
      }
      newestInLogMs = inLogMs;
      var next = window.beaten(sentMs, ackedMs);

      assertThat(next.deadlineMs()).as("seed %d", seed).isGreaterThanOrEqualTo(window.deadlineMs());
      assertThat(next.deadlineMs() + liveness.freezeWithin().toMillis())
          .as("seed %d: frozen before the log's clock says stale", seed)
          .isLessThan(newestInLogMs + staleMs);
      window = next;
      nowMs = ackedMs;
    }
  }
}
