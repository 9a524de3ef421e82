package dev.holdfast.coordinator.cell;

import static dev.holdfast.coordinator.cell.JobFixtures.INCARNATION;
import static dev.holdfast.coordinator.cell.JobFixtures.START;
import static dev.holdfast.coordinator.cell.JobFixtures.presence;
import static dev.holdfast.coordinator.cell.JobFixtures.worker;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that announces itself every 5 seconds, and one announcement of it. */
class WorkerViewTest {
  private static final WorkerView VIEW =
      WorkerView.started(worker("worker-1"), INCARNATION)
          .announced(presence(worker("worker-1"), 1, 4).presence(), START);

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT15S", "-PT1S", "-PT15S"})
  void hasFreeSlotsUntilThreeAnnouncementsAreMissed(Duration later) {
    assertThat(VIEW.free(1, START.plus(later))).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT15.001S", "P1D"})
  void hasNoneAfterwards(Duration later) {
    assertThat(VIEW.free(1, START.plus(later))).isZero();
  }

  /** The view was kept by a coordinator whose clock was ahead of its successor's. */
  @ParameterizedTest
  @ValueSource(strings = {"-PT15.001S", "-P1D"})
  void anAnnouncementFromTheFutureIsNotTrustedUntilThen(Duration later) {
    assertThat(VIEW.free(1, START.plus(later))).isZero();
  }

  @Test
  void theNextAnnouncementSettlesItByTheNewClock() {
    var yesterday = START.minus(Duration.ofDays(1));

    WorkerView heard = VIEW.announced(presence(worker("worker-1"), 2, 4).presence(), yesterday);

    assertThat(heard.free(1, yesterday)).isEqualTo(3);
  }
}
