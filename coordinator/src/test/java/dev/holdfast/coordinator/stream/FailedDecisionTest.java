package dev.holdfast.coordinator.stream;

import static dev.holdfast.coordinator.cell.JobFixtures.START;
import static dev.holdfast.coordinator.cell.JobFixtures.cancel;
import static dev.holdfast.coordinator.cell.JobFixtures.ended;
import static dev.holdfast.coordinator.cell.JobFixtures.job;
import static dev.holdfast.coordinator.cell.JobFixtures.presence;
import static dev.holdfast.coordinator.cell.JobFixtures.spec;
import static dev.holdfast.coordinator.cell.JobFixtures.submit;
import static dev.holdfast.coordinator.cell.JobFixtures.worker;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.topic.DeadLetter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A decision that fails half way. It cannot happen by any input, so the state is damaged first: a
 * stored job lacks the liveness that every accepted job has, and fails when it is assigned.
 */
class FailedDecisionTest {
  private static final JobId DAMAGED = job("damaged");

  private final ProcessorFixture cell = new ProcessorFixture();

  @BeforeEach
  void damage() {
    cell.store(new Job(DAMAGED, spec(9), "digest", 1, START, 0, 0, new Job.Queued()));
    cell.restart();
  }

  @Test
  void setsTheRecordAsideAndCountsIt() {
    cell.give(presence(worker("worker-1"), 1, 1), START);

    assertThat(cell.sent())
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.childName()).contains(CellTopology.DEAD_LETTERS_SINK);
          byte[] reason = sent.record().headers().lastHeader(DeadLetter.REASON).value();
          assertThat(new String(reason, UTF_8)).startsWith("internal error: ");
        });
    assertThat(cell.counted("holdfast.decision.failures")).isEqualTo(1);
  }

  @Test
  void changesNothing() {
    Cell before = cell.restored();

    cell.give(presence(worker("worker-1"), 1, 1), START);

    Cell after = cell.restored();
    assertThat(after.jobs()).containsExactlyElementsOf(before.jobs());
    assertThat(after.counters()).isEqualTo(before.counters());
    assertThat(after.workers()).isEmpty();
  }

  @Test
  void theNextRecordIsDecidedOnTheStateBefore() {
    cell.give(presence(worker("worker-1"), 1, 1), START);
    cell.sent();

    cell.give(cancel(DAMAGED), START);
    cell.give(submit(job("sound"), spec(5)), START);
    cell.give(presence(worker("worker-1"), 1, 1), START);

    assertThat(cell.sent())
        .filteredOn(sent -> sent.childName().orElseThrow().equals(CellTopology.EVENTS_SINK))
        .extracting(sent -> Serdes.EVENT.read(sent.record().value()))
        .satisfiesExactly(
            event -> assertThat(event).isInstanceOf(JobEvent.Ended.class),
            event -> assertThat(event).isInstanceOf(JobEvent.Submitted.class),
            event ->
                assertThat(event)
                    .isInstanceOfSatisfying(
                        JobEvent.Assigned.class,
                        assigned -> assertThat(assigned.token()).isEqualTo(new Token(1))));
  }

  /** An end that was decided on before the failure is taken back with it. */
  @Test
  void forgetsAnEndThatItTookBack() {
    JobId running = job("running");
    cell.give(cancel(DAMAGED), START);
    cell.give(presence(worker("worker-1"), 1, 1), START);
    cell.give(submit(running, spec(5)), START);
    cell.store(new Job(DAMAGED, spec(9), "digest", 1, START, 0, 0, new Job.Queued()));
    cell.restart();

    cell.give(ended(worker("worker-1"), running, new Token(1), new Outcome.Exited(0)), START);

    assertThat(cell.restored().find(running)).isPresent();
    assertThat(cell.restored().findEnded(running)).isEmpty();
  }
}
