package dev.holdfast.coordinator.cell;

import static dev.holdfast.coordinator.cell.JobFixtures.INCARNATION;
import static dev.holdfast.coordinator.cell.JobFixtures.RULES;
import static dev.holdfast.coordinator.cell.JobFixtures.START;
import static dev.holdfast.coordinator.cell.JobFixtures.job;
import static dev.holdfast.coordinator.cell.JobFixtures.presence;
import static dev.holdfast.coordinator.cell.JobFixtures.started;
import static dev.holdfast.coordinator.cell.JobFixtures.submit;
import static dev.holdfast.coordinator.cell.JobFixtures.worker;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;

/**
 * A cell of one job and one worker, brought into a state by the inputs that lead there. Time moves
 * by hand; the worker's announcements go stale when it does, so nothing is assigned by surprise.
 */
final class CellFixtures {
  static final JobId JOB = job("job-1");
  static final JobId OTHER_JOB = job("job-2");
  static final String LOCK = "staging";
  static final WorkerId WORKER = worker("worker-1");
  static final WorkerId OTHER_WORKER = worker("worker-2");

  /** Not the first, so that an older token exists. */
  static final long FIRST_TOKEN = 10;

  private final CellMachine machine = new CellMachine(RULES);
  private final Cell cell = new Cell(EndedJobs.inMemory());
  private Instant now = START;
  private long presenceSequence;
  private JobSpec spec = JobFixtures.spec(5);

  private CellFixtures() {
    cell.restore(new Cell.Counters(1, FIRST_TOKEN, 0));
    give(started(WORKER, INCARNATION));
    give(newestPresence(0));
  }

  static CellFixtures empty() {
    return new CellFixtures();
  }

  Cell cell() {
    return cell;
  }

  Instant now() {
    return now;
  }

  Decision give(CellInput input) {
    return machine.decide(cell, input, now);
  }

  CellFixtures after(CellInput input) {
    give(input);
    return this;
  }

  /** What the worker says of the job's newest attempt. */
  CellFixtures after(BiFunction<JobId, Token, CellInput> report) {
    return after(report.apply(JOB, token()));
  }

  CellFixtures submitted() {
    return submitted(JobFixtures.spec(5));
  }

  CellFixtures submitted(JobSpec asked) {
    spec = asked;
    return after(submit(JOB, asked));
  }

  /** Of the cell's one job, as it was submitted; what it would be if it was not. */
  JobSpec spec() {
    return spec;
  }

  /** The worker announces a free slot, and a waiting job gets it. */
  CellFixtures assigned() {
    return after(newestPresence(1));
  }

  CellInput newestPresence(int slots) {
    return presence(WORKER, ++presenceSequence, slots);
  }

  CellInput oldPresence() {
    return presence(WORKER, presenceSequence, 1);
  }

  /** So much later that every wait is over. */
  CellFixtures muchLater() {
    now = now.plus(Duration.ofDays(30));
    return this;
  }

  CellFixtures later() {
    now = now.plus(Duration.ofMinutes(10));
    return this;
  }

  /** Of the job's newest attempt; the next to be given if it has had none. */
  Token token() {
    long next = cell.counters().token();
    return new Token(Math.max(next - 1, FIRST_TOKEN));
  }

  Token olderToken() {
    return new Token(token().value() - 1);
  }

  long leaseSequence() {
    return cell.find(JOB)
        .map(Job::standing)
        .map(standing -> standing instanceof Running run ? run.leaseSequence() : 1L)
        .orElse(1L);
  }
}
