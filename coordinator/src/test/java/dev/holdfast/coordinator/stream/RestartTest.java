package dev.holdfast.coordinator.stream;

import static dev.holdfast.coordinator.cell.JobFixtures.INCARNATION;
import static dev.holdfast.coordinator.cell.JobFixtures.START;
import static dev.holdfast.coordinator.cell.JobFixtures.cancel;
import static dev.holdfast.coordinator.cell.JobFixtures.ended;
import static dev.holdfast.coordinator.cell.JobFixtures.job;
import static dev.holdfast.coordinator.cell.JobFixtures.presence;
import static dev.holdfast.coordinator.cell.JobFixtures.spec;
import static dev.holdfast.coordinator.cell.JobFixtures.started;
import static dev.holdfast.coordinator.cell.JobFixtures.submit;
import static dev.holdfast.coordinator.cell.JobFixtures.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.CellMachine;
import dev.holdfast.coordinator.cell.EndedJobs;
import dev.holdfast.coordinator.cell.JobFixtures;
import dev.holdfast.coordinator.cell.RandomInputs;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A coordinator that takes over goes on where the former one was. */
class RestartTest {
  private static final WorkerId WORKER = worker("worker-1");

  private final ProcessorFixture cell = new ProcessorFixture();

  @Test
  void keepsTheOrderOfTheQueue() {
    cell.give(submit(job("first"), spec(5)), START);
    cell.give(submit(job("urgent"), spec(9)), START);
    cell.give(submit(job("second"), spec(5)), START);

    cell.restart();
    cell.give(submit(job("third"), spec(5)), START);
    cell.give(presence(WORKER, 1, 4), START);

    assertThat(assigned()).containsExactly("urgent", "first", "second", "third");
  }

  @Test
  void goesOnWithLargerTokens() {
    cell.give(presence(WORKER, 1, 2), START);
    cell.give(submit(job("before"), spec(5)), START);

    cell.restart();
    cell.give(submit(job("after"), spec(5)), START);

    assertThat(orders())
        .filteredOn(Order.Assigned.class::isInstance)
        .extracting(order -> ((Order.Assigned) order).token())
        .containsExactly(new Token(1), new Token(2));
  }

  @Test
  void knowsItsWorkersAndWhatTheyHold() {
    cell.give(started(WORKER, INCARNATION), START);
    cell.give(presence(WORKER, 1, 2), START);
    cell.give(submit(job("held"), spec(5)), START);

    cell.restart();
    cell.give(submit(job("fits"), spec(5)), START);
    cell.give(submit(job("waits"), spec(5)), START);

    assertThat(assigned()).containsExactly("held", "fits");
  }

  @Test
  void remembersWhatHasEnded() {
    JobId job = job("done");
    cell.give(presence(WORKER, 1, 1), START);
    cell.give(submit(job, spec(5)), START);
    var report = ended(WORKER, job, new Token(1), new Outcome.Exited(0));
    cell.give(report, START);
    cell.sent();

    cell.restart();
    cell.give(submit(job, spec(5)), START);
    cell.give(report, START);

    assertThat(orders()).containsExactly(new Order.Clean(WORKER, job, new Token(1)));
  }

  @Test
  void forgetsWhatEndedLongAgo() {
    Instant muchLater = START.plus(CellTopology.REMEMBERED).plus(Duration.ofDays(2));
    cell.give(submit(job("again"), spec(5)), START);
    cell.give(cancel(job("again")), START);
    assertThat(cell.restored().findEnded(job("again"))).isPresent();

    cell.give(submit(job("other"), spec(5)), muchLater);

    assertThat(cell.restored().findEnded(job("again"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void beginsWithTheSameCellAtAnyTime(long seed) {
    var live = new Cell(EndedJobs.inMemory());
    var machine = new CellMachine(JobFixtures.RULES);
    var inputs = new RandomInputs(seed, live);

    for (int step = 0; step < 300; step++) {
      var input = inputs.next();
      machine.decide(live, input, inputs.now());
      cell.give(input, inputs.now());

      Cell restored = cell.restored();
      String when = "seed %d, step %d, after %s".formatted(seed, step, input);
      assertThat(restored.jobs()).as(when).containsExactlyElementsOf(live.jobs());
      assertThat(restored.queue()).as(when).isEqualTo(live.queue());
      assertThat(restored.standingControls())
          .as(when)
          .containsExactlyElementsOf(live.standingControls());
      assertThat(restored.counters()).as(when).isEqualTo(live.counters());
      assertThat(restored.workers()).as(when).containsExactlyElementsOf(live.workers());
    }
  }

  private List<Order> orders() {
    return cell.sent().stream()
        .filter(sent -> sent.childName().orElseThrow().equals(CellTopology.ORDERS_SINK))
        .map(sent -> Serdes.ORDER.read(sent.record().value()))
        .toList();
  }

  private List<String> assigned() {
    return orders().stream()
        .filter(Order.Assigned.class::isInstance)
        .map(order -> ((Order.Assigned) order).job().value())
        .toList();
  }
}
