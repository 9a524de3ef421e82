package dev.holdfast.worker.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.worker.hold.Outcomes.Meaning;
import dev.holdfast.worker.process.Ending;
import dev.holdfast.worker.process.ExitRecord;
import dev.holdfast.worker.process.Usage;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomesTest {
  private static final Ending.Leader KILLED =
      new Ending.Leader(OptionalInt.empty(), OptionalInt.of(9));
  private static final Ending.Leader LEFT =
      new Ending.Leader(OptionalInt.of(0), OptionalInt.empty());

  private static Meaning of(Ending ending, long killed) {
    var exit =
        new ExitRecord(ending, 0, new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), killed, killed, 0, 0);
    return Outcomes.of(exit, TestWorker.command(List.of("tool", "x")), "w-1");
  }

  static Stream<Arguments> outcomes() {
    return Stream.of(
        Arguments.of(new Ending.Exited(3), 0, new Outcome.Exited(3)),
        Arguments.of(new Ending.Signalled(11), 0, new Outcome.Signalled(11)),
        Arguments.of(new Ending.TimedOut("run", KILLED), 0, new Outcome.TimedOut("run")),
        Arguments.of(new Ending.Stopped("cancelled", LEFT), 0, new Outcome.Cancelled(0)),
        Arguments.of(new Ending.Stopped("cancelled", KILLED), 3, new Outcome.Cancelled(3)));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void isAnOutcome(Ending ending, long killed, Outcome outcome) {
    assertThat(of(ending, killed)).isEqualTo(new Meaning.Ended(outcome));
  }

  static Stream<Ending> losses() {
    return Stream.of(
        new Ending.Stopped("superseded", KILLED),
        new Ending.Stopped("orphan", KILLED),
        new Ending.LeaseEnded("frozen-limit", KILLED),
        new Ending.StartFailed("lease", OptionalInt.empty()),
        new Ending.StartFailed("cwd", OptionalInt.of(2)));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void isNoOutcomeOfTheJobs(Ending ending) {
    assertThat(of(ending, 0)).isInstanceOf(Meaning.Lost.class);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(2, "command-not-found"),
        Arguments.of(20, "command-not-found"),
        Arguments.of(13, "command-not-executable"),
        Arguments.of(8, "command-not-executable"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void saysWhyACommandCouldNotStart(int errno, String code) {
    var meaning = of(new Ending.StartFailed("exec", OptionalInt.of(errno)), 0);

    assertThat(meaning)
        .isInstanceOfSatisfying(
            Meaning.Ended.class,
            ended ->
                assertThat(ended.outcome())
                    .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> {
                          assertThat(failed.code()).isEqualTo(code);
                          assertThat(failed.message()).contains("tool", "w-1");
                        }));
  }
}
