package dev.holdfast.standalone.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartBackoffTest {

  @Test
  void doublesWhileTheChildDiesYoungUpToTheLongestPause() {
    List<Long> pausesMs = new ArrayList<>();
    RestartBackoff backoff = RestartBackoff.unbroken();
    for (int death = 1; death <= 9; death++) {
      backoff = backoff.afterLifeOf(Duration.ofSeconds(1));
      pausesMs.add(backoff.pause(0).toMillis());
    }

    assertThat(pausesMs)
        .containsExactly(250L, 500L, 1000L, 2000L, 4000L, 8000L, 15000L, 15000L, 15000L);
  }

  @Test
  void staysAtTheLongestPauseAfterAnyNumberOfDeaths() {
    assertThat(new RestartBackoff(Integer.MAX_VALUE - 1).pause(0))
        .isEqualTo(RestartBackoff.LONGEST);
  }

  @Test
  void beginsAnewAfterAHealthyLife() {
    RestartBackoff backoff = new RestartBackoff(6).afterLifeOf(RestartBackoff.HEALTHY_AFTER);

    assertThat(backoff.pause(0)).isEqualTo(RestartBackoff.SHORTEST);
  }

  @Test
  void goesOnDoublingAfterALifeJustTooShort() {
    RestartBackoff backoff =
        new RestartBackoff(2).afterLifeOf(RestartBackoff.HEALTHY_AFTER.minusMillis(1));

    assertThat(backoff).isEqualTo(new RestartBackoff(3));
  }

  @Test
  void chanceOnlyShortensThePauseAndByAQuarterAtMost() {
    RestartBackoff backoff = new RestartBackoff(3);

    assertThat(backoff.pause(0.5)).isEqualTo(Duration.ofMillis(875));
    assertThat(backoff.pause(0.999999)).isBetween(Duration.ofMillis(750), Duration.ofMillis(751));
  }
}
