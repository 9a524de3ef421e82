package dev.holdfast.runtime.streams;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.retry.Backoff;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class ThreadReplacementTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final StreamsException FAILURE = new StreamsException("the broker is away");

  @Test
  void replacesTheThreadHoweverOftenItFails() {
    var replacement =
        new ThreadReplacement(new Backoff(Duration.ofNanos(1), Duration.ofNanos(1)), MINUTE);

    for (int failure = 0; failure < 1_000; failure++) {
      assertThat(replacement.handle(FAILURE)).isEqualTo(REPLACE_THREAD);
    }
  }

  @Test
  void waitsLongerWhileFailuresFollowEachOtherButNeverLongerThanTheMost() {
    var replacement =
        new ThreadReplacement(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5)), MINUTE);
    long now = 5;

    assertThat(replacement.delay(now, 1)).isEqualTo(Duration.ofMillis(100));
    assertThat(replacement.delay(now, 1)).isEqualTo(Duration.ofMillis(200));
    assertThat(replacement.delay(now + MINUTE.toNanos(), 1)).isEqualTo(Duration.ofMillis(400));
    for (int failure = 3; failure < 100; failure++) {
      assertThat(replacement.delay(now + MINUTE.toNanos(), 1))
          .isLessThanOrEqualTo(Duration.ofSeconds(5));
    }
    assertThat(replacement.delay(now + 3 * MINUTE.toNanos(), 1)).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void isNotHeldUpByItsWaitWhenClosed() {
    var replacement = new ThreadReplacement(new Backoff(MINUTE, MINUTE), MINUTE);
    var handled = CompletableFuture.supplyAsync(() -> replacement.handle(FAILURE));
    assertThat(handled).isNotDone();

    replacement.close();

    assertThat(handled.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(REPLACE_THREAD);
  }
}
