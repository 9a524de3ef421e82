package dev.holdfast.coordinator.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.job.Job.Queued;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.Job.Waiting;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.Scheduling;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks: taken before a slot, all at once, in order, and freed only when the attempt is over. */
class LockingTest {
  private static final WorkerId WORKER = JobFixtures.worker("worker-1");
  private static final LockWish A = new LockWish("a", 1);
  private static final LockWish B = new LockWish("b", 1);

  private final CellMachine machine = new CellMachine(JobFixtures.RULES);
  private final Cell cell = new Cell(EndedJobs.inMemory());
  private final Instant now = JobFixtures.START;
  private long presences;
  private int jobs;

  @BeforeEach
  void startWorker() {
    give(JobFixtures.started(WORKER, JobFixtures.INCARNATION));
  }

  private Decision give(CellInput input) {
    return machine.decide(cell, input, now);
  }

  private JobId submit(int priority, LockWish... locks) {
    JobId job = JobFixtures.job("job-" + ++jobs);
    give(JobFixtures.submit(job, JobFixtures.locking(priority, locks)));
    return job;
  }

  private void offer(int slots) {
    give(JobFixtures.presence(WORKER, ++presences, slots));
  }

  private Running run(JobId job) {
    return (Running) cell.find(job).orElseThrow().standing();
  }

  private void end(JobId job) {
    give(JobFixtures.ended(WORKER, job, run(job).token(), new Outcome.Exited(0)));
  }

  private boolean isWaiting(JobId job) {
    return cell.find(job).orElseThrow().standing() instanceof Waiting;
  }

  @Test
  void isTakenBeforeASlotAndPassedOnWhenTheHolderHasEnded() {
    JobId first = submit(5, A);
    JobId second = submit(5, A);
    assertThat(cell.holdersOf("a")).containsExactly(first);
    assertThat(isWaiting(second)).isTrue();

    offer(1);
    Token firstToken = run(first).token();
    end(first);

    assertThat(cell.holdersOf("a")).containsExactly(second);
    assertThat(run(second).token()).isGreaterThan(firstToken);
  }

  @Test
  void goesByPriorityThenInOrder() {
    submit(5, A);
    JobId low = submit(1, A);
    JobId early = submit(5, A);
    JobId late = submit(5, A);
    JobId high = submit(9, A);

    assertThat(cell.waitersFor("a")).containsExactly(high, early, late, low);
  }

  @Test
  void areTakenAllAtOnceAndNobodyIsOvertakenOnWhatItNeeds() {
    JobId holder = submit(5, A);
    JobId both = submit(5, A, B);
    JobId wantsB = submit(5, B);
    assertThat(cell.holdersOf("b")).isEmpty();
    assertThat(isWaiting(wantsB)).isTrue();

    offer(3);
    end(holder);

    assertThat(cell.holdersOf("a")).containsExactly(both);
    assertThat(cell.holdersOf("b")).containsExactly(both);
    end(both);
    assertThat(cell.holdersOf("b")).containsExactly(wantsB);
  }

  @Test
  void aSemaphoreHasPermits() {
    give(JobFixtures.set(new Control.Permits("a", 3)));
    JobId two = submit(5, new LockWish("a", 2));
    JobId one = submit(5, A);
    JobId none = submit(5, A);

    assertThat(cell.holdersOf("a")).containsExactlyInAnyOrder(two, one);
    assertThat(isWaiting(none)).isTrue();
    give(JobFixtures.set(new Control.Permits("a", 4)));

    assertThat(cell.holdersOf("a")).contains(none);
  }

  @Test
  void isKeptByAStaleHolderUntilItsLeaseIsOver() {
    JobId holder = submit(5, A);
    JobId waiter = submit(5, A);
    offer(1);
    Token token = run(holder).token();
    give(JobFixtures.flagStale(holder, token, 1));
    assertThat(cell.holdersOf("a")).containsExactly(holder);

    give(JobFixtures.requeueStale(holder, token, 1));

    assertThat(cell.holdersOf("a")).containsExactly(holder);
    assertThat(run(holder).token()).isGreaterThan(token);
    assertThat(isWaiting(waiter)).isTrue();
  }

  @Test
  void aRetryGivesItBackAndAsksForItAgain() {
    JobId job = JobFixtures.job("retried");
    give(
        JobFixtures.submit(
            job,
            JobFixtures.scheduled(
                5, Scheduling.NONE, List.of(A), JobFixtures.retrying(2).retry(), null)));
    JobId waiter = submit(5, A);
    offer(2);

    give(JobFixtures.ended(WORKER, job, run(job).token(), new Outcome.Exited(1)));

    assertThat(cell.holdersOf("a")).containsExactly(waiter);
    assertThat(isWaiting(job)).isTrue();
  }

  @Test
  void aForcedReleaseFencesTheHolderFirst() {
    JobId holder = submit(5, A);
    JobId waiter = submit(5, A);
    offer(2);
    Token token = run(holder).token();

    Decision released = give(JobFixtures.releaseLock("a", holder));

    assertThat(released.cellEvents())
        .singleElement()
        .isInstanceOfSatisfying(
            CellEvent.LockReleased.class, event -> assertThat(event.cause().by()).isEqualTo("ann"));
    assertThat(run(holder).cancelling()).isTrue();
    assertThat(cell.holdersOf("a")).containsExactly(holder);
    give(JobFixtures.ended(WORKER, holder, token, new Outcome.Cancelled(0)));
    assertThat(cell.holdersOf("a")).containsExactly(waiter);

    Decision again = give(JobFixtures.releaseLock("a", holder));
    assertThat(again.cellEvents())
        .singleElement()
        .isInstanceOf(CellEvent.CellCommandRejected.class);
    assertThat(cell.holdersOf("a")).containsExactly(waiter);
  }

  /**
   * A thousand jobs over fifty locks, some lost and cancelled: everybody has its turn, in order.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aThousandWaitersAllHaveTheirTurn(long seed) {
    var random = new Random(seed);
    var all = new ArrayList<JobId>();
    for (int i = 0; i < 1_000; i++) {
      var first = new LockWish("lock-" + random.nextInt(50), 1);
      var second = new LockWish("lock-" + random.nextInt(50), 1);
      all.add(
          first.equals(second)
              ? submit(random.nextInt(10), first)
              : submit(random.nextInt(10), first, second));
    }
    long tokens = 0;
    int rounds = 0;
    while (!cell.jobs().isEmpty()) {
      assertThat(++rounds).isLessThan(10_000);
      offer(20);
      for (JobId id : List.copyOf(all)) {
        var job = cell.find(id);
        if (job.isPresent() && job.get().standing() instanceof Running run) {
          tokens = Math.max(tokens, run.token().value());
          Decision decision =
              random.nextInt(8) == 0
                  ? give(JobFixtures.lost(WORKER, id, run.token()))
                  : give(JobFixtures.ended(WORKER, id, run.token(), new Outcome.Exited(0)));
          mutualExclusionHolds(decision);
        }
      }
      all.removeIf(id -> cell.find(id).isEmpty());
    }
    assertThat(tokens).isGreaterThanOrEqualTo(1_000);
  }

  private void mutualExclusionHolds(Decision decision) {
    for (JobEvent event : decision.events()) {
      if (event instanceof JobEvent.Locked locked) {
        for (LockWish wish : locked.locks()) {
          assertThat(cell.holdersOf(wish.name())).containsExactly(locked.job());
        }
      }
    }
    cell.jobs().stream()
        .filter(job -> job.standing() instanceof Queued || job.standing() instanceof Running)
        .flatMap(job -> job.spec().allLocks().stream())
        .forEach(wish -> assertThat(cell.holdersOf(wish.name())).hasSize(1));
  }
}
