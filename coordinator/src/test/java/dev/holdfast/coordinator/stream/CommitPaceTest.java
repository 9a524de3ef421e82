package dev.holdfast.coordinator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
  private static final long MS = Duration.ofMillis(1).toNanos();

  private final CommitPace pace = new CommitPace(0);

  @Test
  void asksAtOnceForARecordThatComesAlone() {
    assertThat(pace.processed(0)).isTrue();
    assertThat(pace.processed(100 * MS)).isTrue();
  }

  @Test
  void asksALittleLaterForARecordThatCameRightAfterACommit() {
    assertThat(pace.processed(0)).isTrue();
    assertThat(pace.processed(MS)).isFalse();
    assertThat(pace.looked(2 * MS)).isFalse();

    assertThat(pace.looked(5 * MS)).isTrue();
    assertThat(pace.looked(50 * MS)).isFalse();
  }

  @Test
  void leavesMassesToTheInterval() {
    assertThat(pace.processed(0)).isTrue();
    for (int i = 0; i < 1_000; i++) {
      assertThat(pace.processed(MS + i)).isFalse();
    }

    assertThat(pace.looked(10 * MS)).isFalse();
  }
}
