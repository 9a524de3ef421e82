package dev.holdfast.coordinator.cell;

import static dev.holdfast.coordinator.cell.CellFixtures.JOB;
import static dev.holdfast.coordinator.cell.CellFixtures.WORKER;

import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Queued;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.Job.Waiting;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.job.LockWish;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Every state that a job can be in as far as decisions tell states apart, and a way into it. */
enum Situation {
  UNKNOWN("nothing is known of it", cell -> cell),
  QUEUED("waits for its first attempt", CellFixtures::submitted),
  QUEUED_AGAIN("waits after a lost attempt", Situation::lost),
  DEFERRED("waits for its earliest start", Situation::deferred),
  AWAITING_LOCKS("waits for a lock that another job holds", Situation::awaitingLocks),
  BACKING_OFF(
      "waits before it is tried again",
      cell ->
          Situation.trying(cell)
              .after((job, token) -> JobFixtures.ended(WORKER, job, token, new Outcome.Exited(1)))),
  ASSIGNED("granted, not yet taken", cell -> QUEUED.reach(cell).assigned()),
  PREPARING(
      "taken, its workspace is being made",
      cell -> ASSIGNED.reach(cell).after((job, token) -> JobFixtures.taken(WORKER, job, token))),
  RUNNING("its command runs", cell -> entered(PREPARING.reach(cell), Phase.RUNNING)),
  COLLECTING("its results are collected", cell -> entered(RUNNING.reach(cell), Phase.COLLECTING)),
  LATE(
      "runs, no heartbeat for half of stale-after",
      cell -> RUNNING.reach(cell).after((job, token) -> JobFixtures.flagLate(job, token, 1))),
  STALE(
      "runs, no heartbeat for stale-after",
      cell -> LATE.reach(cell).after((job, token) -> JobFixtures.flagStale(job, token, 1))),
  LAST_ATTEMPT(
      "runs, and the next loss is one too many",
      cell ->
          entered(
              QUEUED_AGAIN
                  .reach(cell)
                  .assigned()
                  .after((job, token) -> JobFixtures.taken(WORKER, job, token)),
              Phase.RUNNING)),
  TRYING("runs, and is tried again if it does not succeed", Situation::trying),
  CANCELLING(
      "runs, and is to end as cancelled",
      cell -> RUNNING.reach(cell).after(JobFixtures.cancel(JOB))),
  SUCCEEDED("ended with exit code 0", cell -> ended(cell, new Outcome.Exited(0))),
  FAILED("ended otherwise", cell -> ended(cell, new Outcome.Exited(1))),
  TIMED_OUT("ended by a time limit", cell -> ended(cell, new Outcome.TimedOut("run"))),
  CANCELLED("ended on request while it ran", cell -> ended(cell, new Outcome.Cancelled(0))),
  CANCELLED_WAITING(
      "ended on request while it waited",
      cell -> QUEUED.reach(cell).after(JobFixtures.cancel(JOB)));

  private final String meaning;

  @SuppressWarnings("ImmutableEnumChecker") // captures nothing
  private final UnaryOperator<CellFixtures> way;

  Situation(String meaning, UnaryOperator<CellFixtures> way) {
    this.meaning = meaning;
    this.way = way;
  }

  String meaning() {
    return meaning;
  }

  String label() {
    return Names.of(this);
  }

  /** As clients see it; null before the job is known. */
  @Nullable JobState state() {
    if (this == UNKNOWN) {
      return null;
    }
    Cell cell = reached().cell();
    return cell.find(JOB)
        .map(job ->
            switch (job.standing()) {
              case Waiting waiting -> JobState.WAITING;
              case Queued queued -> JobState.QUEUED;
              case Running run -> JobState.RUNNING;
            })
        .orElseGet(() -> cell.findEnded(JOB).orElseThrow().state());
  }

  /** A cell whose one job is in this state, long after the worker's newest announcement. */
  CellFixtures reached() {
    return reach(CellFixtures.empty()).later();
  }

  /** The state that the cell's one job is in now. */
  static Situation of(Cell cell) {
    return cell.find(JOB)
        .map(Situation::living)
        .or(() -> cell.findEnded(JOB).map(Situation::ended))
        .orElse(UNKNOWN);
  }

  private CellFixtures reach(CellFixtures cell) {
    return way.apply(cell);
  }

  private static Situation living(Job job) {
    return switch (job.standing()) {
      case Waiting waiting ->
          switch (waiting.what()) {
            case NOT_BEFORE -> DEFERRED;
            case LOCKS -> AWAITING_LOCKS;
            case BACKOFF -> BACKING_OFF;
          };
      case Queued queued -> job.lostAttempts() == 0 ? QUEUED : QUEUED_AGAIN;
      case Running run when run.cancelling() -> CANCELLING;
      case Running run ->
          switch (run.health()) {
            case LATE -> LATE;
            case STALE -> STALE;
            case ON_TIME ->
                job.lostAttempts() == JobFixtures.RULES.lostLimit()
                    ? LAST_ATTEMPT
                    : switch (run.phase()) {
                      case ASSIGNED -> ASSIGNED;
                      case PREPARING, INDEXING -> PREPARING;
                      case RUNNING -> job.spec().retry() == null ? RUNNING : TRYING;
                      case COLLECTING -> COLLECTING;
                    };
          };
    };
  }

  private static Situation ended(EndedJob job) {
    return switch (job.state()) {
      case SUCCEEDED -> SUCCEEDED;
      case FAILED -> FAILED;
      case TIMED_OUT -> TIMED_OUT;
      case CANCELLED -> job.token() == null ? CANCELLED_WAITING : CANCELLED;
      case SUBMITTED, WAITING, QUEUED, RUNNING ->
          throw new IllegalStateException("remembered as ended: " + job);
    };
  }

  private static CellFixtures lost(CellFixtures cell) {
    return RUNNING.reach(cell).later().after((job, token) -> JobFixtures.lost(WORKER, job, token));
  }

  private static CellFixtures deferred(CellFixtures cell) {
    Instant start = JobFixtures.START.plus(Duration.ofDays(1));
    return cell.submitted(
        JobFixtures.scheduled(5, JobFixtures.scheduling(null, null, start), List.of(), null, null));
  }

  /** The holder waits in a pool that no worker serves. */
  private static CellFixtures awaitingLocks(CellFixtures cell) {
    var lock = List.of(new LockWish(CellFixtures.LOCK, 1));
    JobSpec holder =
        JobFixtures.scheduled(5, JobFixtures.scheduling(null, "elsewhere", null), lock, null, null);
    return cell.after(JobFixtures.submit(CellFixtures.OTHER_JOB, holder))
        .submitted(JobFixtures.locking(5, lock.getFirst()));
  }

  private static CellFixtures trying(CellFixtures cell) {
    return entered(
        cell.submitted(JobFixtures.retrying(3))
            .assigned()
            .after((job, token) -> JobFixtures.taken(WORKER, job, token)),
        Phase.RUNNING);
  }

  private static CellFixtures entered(CellFixtures cell, Phase phase) {
    return cell.after((job, token) -> JobFixtures.entered(WORKER, job, token, phase));
  }

  private static CellFixtures ended(CellFixtures cell, Outcome outcome) {
    return COLLECTING
        .reach(cell)
        .after((job, token) -> JobFixtures.ended(WORKER, job, token, outcome));
  }
}
