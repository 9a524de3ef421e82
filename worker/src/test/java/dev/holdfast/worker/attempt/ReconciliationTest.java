package dev.holdfast.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.worker.attempt.Action.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole verdict table: every standing times everything that can be seen. */
class ReconciliationTest {
  private static final List<Sighting> SIGHTINGS =
      List.of(
          new Sighting.NotLaunched(),
          new Sighting.Alive(),
          new Sighting.Unknowable("why"),
          new Sighting.Exited(),
          new Sighting.Concluded());

  private static final Action WAIT = new Action.Wait();
  private static final Action LOST = new Action.ConcludeLost("why");
  private static final Action COLLECT = new Action.Collect();
  private static final Action REPORT = new Action.Report();
  private static final Action REMOVE = new Action.Remove();

  /** A row per standing; the columns are the sightings in their order above. */
  private static List<Action> row(Standing standing) {
    return switch (standing) {
      case UNANSWERED, UNKNOWN -> List.of(WAIT, WAIT, WAIT, WAIT, WAIT);
      case CURRENT -> List.of(new Action.Launch(), new Action.Watch(), LOST, COLLECT, REPORT);
      case CANCELLING ->
          List.of(
              new Action.ConcludeCancelled(),
              new Action.Stop(Reason.CANCELLED),
              LOST,
              COLLECT,
              REPORT);
      case ORPHAN -> List.of(REMOVE, new Action.Stop(Reason.ORPHAN), REMOVE, REMOVE, REMOVE);
      case SUPERSEDED, SETTLED ->
          List.of(REMOVE, new Action.Stop(Reason.SUPERSEDED), REMOVE, REMOVE, REMOVE);
    };
  }

  static Stream<Arguments> table() {
    return Arrays.stream(Standing.values())
        .flatMap(standing ->
            SIGHTINGS.stream()
                .map(seen ->
                    Arguments.of(standing, seen, row(standing).get(SIGHTINGS.indexOf(seen)))));
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @MethodSource("table")
  void decides(Standing standing, Sighting sighting, Action expected) {
    assertThat(Reconciliation.decide(standing, sighting)).isEqualTo(expected);
  }

  @Test
  void theTableNamesEverySighting() {
    assertThat(SIGHTINGS)
        .extracting(Object::getClass)
        .map(Class::getSimpleName)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Sighting.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  @ParameterizedTest
  @MethodSource("table")
  void neverRemovesWhatLives(Standing standing, Sighting sighting, Action expected) {
    Action action = Reconciliation.decide(standing, sighting);

    assertThat(sighting instanceof Sighting.Alive && action instanceof Action.Remove).isFalse();
  }

  @ParameterizedTest
  @MethodSource("table")
  void startsAndReportsOnlyWhatHoldsTheLease(Standing standing, Sighting seen, Action expected) {
    Action action = Reconciliation.decide(standing, seen);

    if (action instanceof Action.Launch || action instanceof Action.Report) {
      assertThat(standing).isIn(Standing.CURRENT, Standing.CANCELLING);
    }
  }
}
