package dev.holdfast.coordinator.cell;

import static dev.holdfast.coordinator.cell.CellFixtures.JOB;
import static dev.holdfast.coordinator.cell.CellFixtures.WORKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.job.JobEvent;
import org.junit.jupiter.api.Test;

class ProposalsTest {
  /** Its end was asked for, its worker went silent: nobody has seen its processes gone. */
  @Test
  void aCancelledJobOfASilentWorkerEndsAndSaysWhatMayBeLeftOfIt() {
    CellFixtures cell = Situation.CANCELLING.reached();

    Decision decision =
        cell.give(JobFixtures.requeueStale(JOB, cell.token(), cell.leaseSequence()));

    assertThat(decision.events())
        .singleElement()
        .isInstanceOfSatisfying(
            JobEvent.Ended.class,
            ended -> {
              assertThat(ended.outcome()).isEqualTo(new Outcome.Cancelled(0));
              assertThat(ended.cause().why())
                  .contains("worker " + WORKER + " gave no heartbeat")
                  .contains("without its word")
                  .contains("is frozen, and ended as soon as it can be");
            });
  }

  @Test
  void aJobThatIsRequeuedSaysNoMoreThanThatItsWorkerWasSilent() {
    CellFixtures cell = Situation.STALE.reached();

    Decision decision =
        cell.give(JobFixtures.requeueStale(JOB, cell.token(), cell.leaseSequence()));

    assertThat(decision.events())
        .singleElement()
        .isInstanceOfSatisfying(
            JobEvent.Requeued.class,
            requeued -> assertThat(requeued.cause().why()).endsWith("on the log's clock"));
  }
}
