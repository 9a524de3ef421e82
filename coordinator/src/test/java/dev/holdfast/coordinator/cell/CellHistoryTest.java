package dev.holdfast.coordinator.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.coordinator.cell.CellInput.OfReport;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promises that hold whatever happens, over many seeded histories. */
class CellHistoryTest {
  private static final int SEEDS = 300;
  private static final int INPUTS = 300;
  private static final CellRules RULES = JobFixtures.RULES;

  private record Step(CellInput input, Instant at) {}

  static LongStream seeds() {
    return LongStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsItsPromises(long seed) {
    var cell = new Cell(EndedJobs.inMemory());
    var machine = new CellMachine(RULES);
    var inputs = new RandomInputs(seed, cell);
    var invariants = new CellInvariants(cell);

    for (int step = 0; step < INPUTS; step++) {
      CellInput input = inputs.next();
      try {
        invariants.check(machine.decide(cell, input, inputs.now()), inputs.now());
      } catch (AssertionError | RuntimeException e) {
        fail("seed %d, step %d, on %s: %s".formatted(seed, step, input, e.getMessage()), e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anInputGivenTwiceDecidesNothingTwice(long seed) {
    var cell = new Cell(EndedJobs.inMemory());
    var machine = new CellMachine(RULES);
    var inputs = new RandomInputs(seed, cell);

    for (int step = 0; step < INPUTS; step++) {
      CellInput input = inputs.next();
      machine.decide(cell, input, inputs.now());
      Decision again = machine.decide(cell, input, inputs.now());

      assertThat(again.events())
          .as("seed %d, step %d, %s given twice", seed, step, input)
          .allMatch(event ->
              event instanceof JobEvent.CommandRejected
                  || event instanceof JobEvent.ReportRefused
                  || event instanceof JobEvent.LeaseRenewed);
    }
  }

  /** Renew is left single: each one raises the lease sequence, which overtakes later proposals. */
  @ParameterizedTest
  @MethodSource("seeds")
  void endsTheSameWhenEveryInputComesTwice(long seed) {
    List<Step> history = history(seed);

    Map<String, JobState> once = outcomes(history, false);
    Map<String, JobState> twice = outcomes(history, true);

    assertThat(twice).as("seed %d", seed).isEqualTo(once);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decidesTheSameAgain(long seed) {
    List<Step> history = history(seed);

    assertThat(decisions(history)).as("seed %d", seed).isEqualTo(decisions(history));
  }

  @Test
  void theHistoriesReachEveryKindOfEvent() {
    List<Class<?>> seen =
        seeds()
            .limit(50)
            .boxed()
            .flatMap(seed -> decisions(history(seed)).stream())
            .flatMap(decision -> decision.events().stream())
            .<Class<?>>map(Object::getClass)
            .distinct()
            .toList();

    assertThat(seen).containsExactlyInAnyOrder(JobEvent.class.getPermittedSubclasses());
  }

  private static List<Step> history(long seed) {
    var cell = new Cell(EndedJobs.inMemory());
    var machine = new CellMachine(RULES);
    var inputs = new RandomInputs(seed, cell);
    return IntStream.range(0, INPUTS)
        .mapToObj(i -> {
          var step = new Step(inputs.next(), inputs.now());
          machine.decide(cell, step.input(), step.at());
          return step;
        })
        .toList();
  }

  private static List<Decision> decisions(List<Step> history) {
    var cell = new Cell(EndedJobs.inMemory());
    var machine = new CellMachine(RULES);
    return history.stream().map(step -> machine.decide(cell, step.input(), step.at())).toList();
  }

  private static Map<String, JobState> outcomes(List<Step> history, boolean twice) {
    var cell = new Cell(EndedJobs.inMemory());
    var machine = new CellMachine(RULES);
    var events = new ArrayList<JobEvent>();
    for (Step step : history) {
      boolean renews =
          step.input() instanceof OfReport(WorkerReport report)
              && report instanceof WorkerReport.Renew;
      for (int time = 0; time < (twice && !renews ? 2 : 1); time++) {
        events.addAll(machine.decide(cell, step.input(), step.at()).events());
      }
    }
    Map<String, JobState> outcomes = new TreeMap<>();
    for (JobEvent event : events) {
      if (event instanceof JobEvent.Ended ended) {
        assertThat(outcomes.put(ended.job().value(), ended.state())).isNull();
      }
    }
    return outcomes;
  }
}
