package dev.holdfast.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shim makes of the output, with no worker anywhere: silence, and a finisher's marker. */
class ShimOutputTest {
  private static final Duration SHORT = Duration.ofMillis(600);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String HANG = "while :; do sleep 0.05; done";

  @TempDir Path root;

  @Test
  void endsJobThatPrintsNothingAnyMore() throws Exception {
    String script = "for i in 1 2 3 4 5 6; do echo $i; sleep 0.2; done; " + HANG;

    try (ShimRun run = new ShimRun(root).idleOutput(SHORT).startScript(script)) {
      ExitRecord exit = run.awaitExit();

      assertThat(exit.ending()).isEqualTo(new Ending.TimedOut("idleOutput", killedBy(15)));
      assertThat(run.stdout()).isEqualTo("1\n2\n3\n4\n5\n6\n");
      assertThat(exit.usage().wallMs()).isGreaterThanOrEqualTo(1000 + SHORT.toMillis());
      assertThat(run.living()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void letsJobThatPrintsGoOn(String stream) throws Exception {
    String script = "for i in 1 2 3 4 5 6 7 8; do echo . >&" + stream + "; sleep 0.2; done; exit 3";

    try (ShimRun run = new ShimRun(root).idleOutput(SHORT).startScript(script)) {
      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Exited(3));
    }
  }

  @Test
  void doesNotCountFrozenTimeAsSilence() throws Exception {
    ShimRun limited =
        new ShimRun(root).idleOutput(Duration.ofMillis(1500)).lease(Duration.ofMillis(500));

    try (ShimRun run = limited.startScript("echo one; sleep 1; echo two; exit 3")) {
      run.awaitState(Beat.State.FROZEN);
      ShimRun.patiently()
          .during(Duration.ofSeconds(2))
          .until(() -> run.beatNow().state() == Beat.State.FROZEN);
      run.renew(LONG);

      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Exited(3));
      assertThat(run.stdout()).isEqualTo("one\ntwo\n");
    }
  }

  @Test
  void endsJobThatHasPrintedItsResultAndHangs() throws Exception {
    ShimRun finishing = new ShimRun(root).finisher("\"type\":\"result\"", SHORT);
    String script =
        "trap '' TERM; echo '{\"type\":\"step\"}'; sleep 0.3; echo"
            + " '{\"type\":\"result\",\"ok\":1}'; ";

    try (ShimRun run = finishing.startScript(script + HANG)) {
      ExitRecord exit = run.awaitExit();

      assertThat(exit.ending()).isEqualTo(new Ending.Exited(0));
      assertThat(exit.usage().wallMs()).isGreaterThanOrEqualTo(300 + SHORT.toMillis());
      assertThat(exit.killed()).as("it ignored TERM").isPositive();
      assertThat(run.living()).isEmpty();
    }
  }

  @Test
  void leavesItsOwnCodeToJobThatLeavesWithinTheGrace() throws Exception {
    ShimRun finishing = new ShimRun(root).finisher("DONE", Duration.ofSeconds(15));

    try (ShimRun run = finishing.startScript("echo DONE; sleep 0.6; exit 4")) {
      ExitRecord exit = run.awaitExit();

      assertThat(exit.ending()).isEqualTo(new Ending.Exited(4));
      assertThat(exit.killed()).isZero();
    }
  }

  /** Reads are of 4096 bytes, and each look begins where the one before could not have seen all. */
  @ParameterizedTest
  @ValueSource(ints = {0, 4089, 4093, 8185, 100_000})
  void findsMarkerWhereverItLies(int offset) throws Exception {
    ShimRun finishing = new ShimRun(root).finisher("MÄRKER!", Duration.ZERO);
    String script = "head -c " + offset + " /dev/zero | tr '\\0' x; printf 'MÄRKER!'; " + HANG;

    try (ShimRun run = finishing.startScript(script)) {
      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Exited(0));
    }
  }

  @Test
  void findsMarkerThatIsPrintedInPieces() throws Exception {
    ShimRun finishing = new ShimRun(root).finisher("MARKER", Duration.ZERO);
    String script = "printf xMAR; sleep 0.7; printf 'KE'; sleep 0.7; echo R; " + HANG;

    try (ShimRun run = finishing.startScript(script)) {
      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Exited(0));
    }
  }

  @Test
  void isNotMistakenAboutMarkerOnStderrOrInParts() throws Exception {
    ShimRun finishing = new ShimRun(root).finisher("MARKER", Duration.ZERO);
    String script = "echo MARKER >&2; echo MARK; echo ER; sleep 1; exit 5";

    try (ShimRun run = finishing.startScript(script)) {
      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Exited(5));
    }
  }

  @Test
  void cancelsWithinTheGraceOfAFinisher() throws Exception {
    ShimRun finishing = new ShimRun(root).finisher("DONE", LONG);

    try (ShimRun run = finishing.startScript("echo DONE; " + HANG)) {
      run.awaitOutput("DONE");
      run.stop(Stop.Reason.CANCELLED, Duration.ZERO);

      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Stopped("cancelled", killedBy(9)));
    }
  }

  private static Ending.Leader killedBy(int signal) {
    return new Ending.Leader(OptionalInt.empty(), OptionalInt.of(signal));
  }
}
