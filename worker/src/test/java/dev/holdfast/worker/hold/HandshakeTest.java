package dev.holdfast.worker.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order.Reconciled;
import dev.holdfast.schemas.attempt.Order.Standing;
import dev.holdfast.schemas.attempt.Order.Verdict;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.attempt.WorkerReport.WorkerStarted;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.output.OutputLimit;
import dev.holdfast.worker.workspace.CollectLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private static final WorkerId WORKER = new WorkerId("w-1");
  private static final HeldAttempt HELD = new HeldAttempt(new JobId("job-1"), new Token(5));
  private static final Duration TICK = Duration.ofSeconds(1);

  private final List<WorkerReport> asked = new ArrayList<>();
  private final List<Reconciled> answered = new ArrayList<>();
  private final Handshake handshake =
      new Handshake(
          site(),
          report -> {
            asked.add(report);
            return CompletableFuture.completedFuture(null);
          },
          () -> List.of(HELD),
          answered::add);

  private static Site site() {
    return new Site(
        WORKER,
        4,
        "main",
        new Liveness(Duration.ofSeconds(10), Duration.ofSeconds(60)),
        new Site.Limits(OutputLimit.ofHead(1), CollectLimits.DEFAULT),
        Duration.ZERO,
        Path.of("/lock"),
        Map.of(),
        Optional.empty());
  }

  private void tick(int times) {
    for (int i = 0; i < times; i++) {
      handshake.tick(TICK);
    }
  }

  private static Reconciled answer(long incarnation, Standing standing) {
    return new Reconciled(
        WORKER, incarnation, List.of(new Verdict(HELD.job(), HELD.token(), standing)));
  }

  @Test
  void asksAtOnceAndAgainUntilAnswered() {
    tick(1);
    assertThat(asked).containsExactly(new WorkerStarted(WORKER, 4, List.of(HELD)));

    tick(6);
    assertThat(asked).hasSize(3);

    handshake.answer(answer(4, Standing.CURRENT));
    tick(20);
    assertThat(asked).hasSize(3);
    assertThat(answered).hasSize(1);
  }

  @Test
  void ignoresAnswersToAnEarlierIncarnation() {
    tick(1);
    handshake.answer(answer(3, Standing.CURRENT));

    assertThat(answered).isEmpty();
    assertThat(handshake.done()).isFalse();
  }

  @Test
  void asksASecondTimeAnIntervalLaterAboutWhatIsUnknown() {
    tick(1);
    handshake.answer(answer(4, Standing.UNKNOWN));
    handshake.answer(answer(4, Standing.UNKNOWN));
    assertThat(answered).as("the echo of the same question is no second look").hasSize(1);

    tick(9);
    assertThat(asked).hasSize(1);
    tick(1);
    assertThat(asked).hasSize(2);

    handshake.answer(answer(4, Standing.UNKNOWN));
    assertThat(answered).hasSize(2);
    tick(20);
    assertThat(asked).hasSize(2);
  }
}
