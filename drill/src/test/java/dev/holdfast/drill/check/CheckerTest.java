package dev.holdfast.drill.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.check.Checker.Seen;
import dev.holdfast.drill.work.DrillJob;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The checker must be able to fail: each planted defect is found under its own name. */
class CheckerTest {
  private static final DrillJob JOB = new DrillJob("key", 2, 10, 3, false, false, "abc");
  private static final JobId ID = new JobId("j-1");
  private static final byte[] OUTPUT = "abc line 1 of 2\nabc line 2 of 2\n".getBytes(UTF_8);
  private static final List<String> QUIET_LEDGER =
      List.of("j-1 1 start 10.0", "j-1 1 step 10.5", "j-1 2 start 20.0", "j-1 2 end 21.0");

  @Test
  void findsNothingWhereNothingIsBroken() {
    assertThat(broken(QUIET_LEDGER, List.of(assigned(1), assigned(2), ended(2, 3)), seen(OUTPUT)))
        .isEmpty();
  }

  @Test
  void findsALostJob() {
    assertThat(broken(QUIET_LEDGER, List.of(assigned(1)), seen(OUTPUT)))
        .singleElement()
        .asString()
        .startsWith("nothing accepted is lost");
  }

  @Test
  void findsTwoEnds() {
    assertThat(broken(QUIET_LEDGER, List.of(assigned(2), ended(2, 3), ended(2, 3)), seen(OUTPUT)))
        .anySatisfy(line -> assertThat(line).startsWith("one terminal state"));
  }

  @Test
  void findsAnOutcomeUnderAnOldToken() {
    assertThat(broken(QUIET_LEDGER, List.of(assigned(1), assigned(2), ended(1, 3)), seen(OUTPUT)))
        .anySatisfy(line -> assertThat(line).startsWith("only the newest attempt has an effect"));
  }

  @Test
  void findsTokensThatFall() {
    assertThat(broken(QUIET_LEDGER, List.of(assigned(2), assigned(1), ended(1, 3)), seen(OUTPUT)))
        .anySatisfy(line -> assertThat(line).startsWith("tokens rise"));
  }

  @Test
  void findsOverlap() {
    List<String> ledger = List.of("j-1 1 start 10.0", "j-1 1 step 20.2", "j-1 2 start 20.0");
    assertThat(broken(ledger, List.of(assigned(1), assigned(2), ended(2, 3)), seen(OUTPUT)))
        .anySatisfy(line -> assertThat(line).startsWith("attempts do not overlap"));
  }

  @Test
  void findsASecondLaunchOfOneAttempt() {
    List<String> ledger = List.of("j-1 2 start 10.0", "j-1 2 start 10.2");
    assertThat(broken(ledger, List.of(assigned(2), ended(2, 3)), seen(OUTPUT)))
        .anySatisfy(line -> assertThat(line).startsWith("one launch per attempt"));
  }

  @Test
  void findsAFalseExitCode() {
    assertThat(broken(QUIET_LEDGER, List.of(assigned(2), ended(2, 0)), seen(OUTPUT)))
        .anySatisfy(line -> assertThat(line).startsWith("true exit"));
  }

  @Test
  void findsAByteTooMany() {
    assertThat(broken(QUIET_LEDGER, List.of(assigned(2), ended(2, 3)), seen("abc".getBytes(UTF_8))))
        .anySatisfy(line -> assertThat(line).startsWith("output to the byte"));
  }

  private static List<String> broken(List<String> ledger, List<JobEvent> events, Seen seen) {
    return new Checker(Ledger.of(ledger), Map.of(ID.value(), events)).check(List.of(seen)).broken();
  }

  private static Seen seen(byte[] output) {
    return new Seen(JOB, ID.value(), "FAILED", 3, output);
  }

  private static JobEvent assigned(long token) {
    return new JobEvent.Assigned(
        ID, Instant.EPOCH, Cause.by("test"), 1, new Token(token), 1, new WorkerId("w"), 1, 1);
  }

  private static JobEvent ended(long token, int code) {
    var outcome = new Outcome.Exited(code);
    return new JobEvent.Ended(
        ID,
        Instant.EPOCH,
        Cause.by("test"),
        code == 0 ? JobState.SUCCEEDED : JobState.FAILED,
        1,
        new Token(token),
        outcome,
        OutputTotals.NONE,
        null);
  }
}
