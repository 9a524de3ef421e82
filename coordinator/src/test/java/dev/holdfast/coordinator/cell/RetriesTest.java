package dev.holdfast.coordinator.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.Job.Waiting;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.job.RetryCause;
import dev.holdfast.schemas.job.RetryPolicy;
import dev.holdfast.schemas.job.Scheduling;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private static final WorkerId WORKER = JobFixtures.worker("worker-1");
  private static final JobId JOB = JobFixtures.job("job-1");

  private final CellMachine machine = new CellMachine(JobFixtures.RULES);
  private final Cell cell = new Cell(EndedJobs.inMemory());
  private Instant now = JobFixtures.START;
  private long presences;

  @BeforeEach
  void startWorker() {
    give(JobFixtures.started(WORKER, JobFixtures.INCARNATION));
  }

  private Decision give(CellInput input) {
    return machine.decide(cell, input, now);
  }

  private void offer() {
    give(JobFixtures.presence(WORKER, ++presences, 1));
  }

  private Token token() {
    return ((Running) job().standing()).token();
  }

  private Job job() {
    return cell.find(JOB).orElseThrow();
  }

  private static RetryPolicy policy(
      List<RetryCause> on, List<Integer> codes, double jitter, @Nullable Duration within) {
    return new RetryPolicy(
        3,
        on,
        new TreeSet<>(codes),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        jitter,
        within);
  }

  private static Optional<Retries.Retry> after(RetryPolicy policy, Outcome outcome) {
    var spec = JobFixtures.scheduled(5, Scheduling.NONE, List.of(), policy, null);
    var job = new Job(JOB, spec, "d", 1, JobFixtures.START, 1, 0, new Job.Queued());
    return Retries.after(job, outcome, JobFixtures.START);
  }

  @Test
  void waitsLongerEachTimeUpToTheCap() {
    RetryPolicy policy = policy(List.of(), List.of(), 0, null);

    assertThat(List.of(0, 1, 2, 60))
        .extracting(retries -> Retries.wait(policy, JOB, retries))
        .containsExactly(
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));
  }

  @Test
  void chanceTakesAPartOfTheWaitAndIsTheSameEachTime() {
    RetryPolicy policy = policy(List.of(), List.of(), 0.5, null);

    assertThat(Retries.wait(policy, JOB, 0))
        .isEqualTo(Retries.wait(policy, JOB, 0))
        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10))
        .isNotEqualTo(Retries.wait(policy, JobFixtures.job("job-2"), 0));
  }

  @Test
  void goesByCauseAndExitCode() {
    RetryPolicy usual = policy(List.of(), List.of(), 0, null);
    RetryPolicy picky = policy(List.of(RetryCause.EXIT), List.of(75), 0, null);

    assertThat(after(usual, new Outcome.Exited(1))).isPresent();
    assertThat(after(usual, new Outcome.Signalled(9))).isPresent();
    assertThat(after(usual, new Outcome.Failed("repository-unreachable", "away"))).isPresent();
    assertThat(after(usual, new Outcome.TimedOut("run"))).isEmpty();
    assertThat(after(usual, new Outcome.Failed("ref-not-found", "no ref"))).isEmpty();
    assertThat(after(usual, new Outcome.Cancelled(0))).isEmpty();
    assertThat(after(picky, new Outcome.Exited(75))).isPresent();
    assertThat(after(picky, new Outcome.Exited(1))).isEmpty();
    assertThat(after(picky, new Outcome.Signalled(9))).isEmpty();
  }

  @Test
  void noneBeginsTooLate() {
    assertThat(after(policy(List.of(), List.of(), 0, Duration.ofSeconds(9)), new Outcome.Exited(1)))
        .isEmpty();
    assertThat(
            after(policy(List.of(), List.of(), 0, Duration.ofSeconds(10)), new Outcome.Exited(1)))
        .isPresent();
  }

  @Test
  void endsAsItsLastAttemptDid() {
    give(JobFixtures.submit(JOB, JobFixtures.retrying(2)));
    offer();
    Token first = token();
    give(JobFixtures.ended(WORKER, JOB, first, new Outcome.Exited(1)));
    assertThat(job().standing()).isInstanceOf(Waiting.class);
    assertThat(job().retries()).isOne();

    Decision repeated = give(JobFixtures.ended(WORKER, JOB, first, new Outcome.Exited(1)));
    assertThat(repeated.events()).as("its answer got lost").isEmpty();

    now = cell.nextDue().orElseThrow();
    offer();
    give(new CellInput.TimePassed());
    assertThat(job().attempt()).isEqualTo(2);
    Decision last = give(JobFixtures.ended(WORKER, JOB, token(), new Outcome.Exited(3)));

    assertThat(last.events())
        .singleElement()
        .isInstanceOfSatisfying(
            JobEvent.Ended.class, ended -> assertThat(ended.state()).isEqualTo(JobState.FAILED));
  }

  @Test
  void anAccountAtItsLimitWaitsForTheResetAndSpendsNoAttempt() {
    give(JobFixtures.submit(JOB, JobFixtures.retrying(2)));
    JobId sibling = JobFixtures.job("sibling");
    give(JobFixtures.submit(sibling, JobFixtures.retrying(2)));
    JobId stranger = JobFixtures.job("stranger");
    give(JobFixtures.submit(stranger, JobFixtures.spec(1)));
    offer();
    Instant resetAt = now.plusSeconds(600);

    give(JobFixtures.endedAtLimit(WORKER, JOB, token(), resetAt));

    assertThat(job().standing()).isInstanceOf(Job.Queued.class);
    assertThat(job().retries()).isZero();
    assertThat(cell.find(stranger).orElseThrow().standing()).isInstanceOf(Running.class);
    assertThat(cell.find(sibling).orElseThrow().standing()).isInstanceOf(Job.Queued.class);
    give(
        JobFixtures.ended(
            WORKER,
            stranger,
            ((Running) cell.find(stranger).orElseThrow().standing()).token(),
            new Outcome.Exited(0)));
    assertThat(cell.nextDue()).contains(resetAt);

    now = resetAt;
    offer();

    assertThat(job().standing()).isInstanceOf(Running.class);
    assertThat(job().attempt()).isEqualTo(2);
  }

  @Test
  void aPauseByHandIsNotShortenedByALimit() {
    give(JobFixtures.set(new Control.Pause(Control.PauseScope.ACCOUNT, "other", null)));
    give(JobFixtures.submit(JOB, JobFixtures.retrying(2)));
    offer();
    give(JobFixtures.set(new Control.Pause(Control.PauseScope.ACCOUNT, "account-1", null)));

    Decision decision = give(JobFixtures.endedAtLimit(WORKER, JOB, token(), null));

    assertThat(decision.cellEvents()).isEmpty();
    assertThat(cell.nextDue()).isEmpty();
  }
}
