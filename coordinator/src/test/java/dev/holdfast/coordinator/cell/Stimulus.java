package dev.holdfast.coordinator.cell;

import static dev.holdfast.coordinator.cell.CellFixtures.JOB;
import static dev.holdfast.coordinator.cell.CellFixtures.OTHER_WORKER;
import static dev.holdfast.coordinator.cell.CellFixtures.WORKER;
import static dev.holdfast.coordinator.cell.JobFixtures.INCARNATION;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.job.KeptKind;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.lease.Liveness;
import java.time.Duration;
import java.util.function.Function;

/** Every kind of input, in each of the versions that decisions tell apart. */
enum Stimulus {
  SUBMIT("submit", cell -> JobFixtures.submit(JOB, cell.spec())),
  SUBMIT_ANOTHER_SPEC(
      "submit, with another spec", cell -> JobFixtures.submit(JOB, JobFixtures.spec(6))),
  SUBMIT_TOO_LIVELY(
      "submit, with a liveness that the cell cannot keep",
      cell ->
          JobFixtures.submit(
              JOB,
              JobFixtures.spec(5)
                  .withLiveness(new Liveness(Duration.ofSeconds(1), Duration.ofSeconds(4))))),
  SUBMIT_TOO_GREEDY(
      "submit, with a wish for more permits than its lock has",
      cell -> JobFixtures.submit(JOB, JobFixtures.locking(5, new LockWish(CellFixtures.LOCK, 2)))),
  CANCEL("cancel", cell -> JobFixtures.cancel(JOB)),
  RELEASE_LOCK(
      "release-lock, of the lock that it waits for",
      cell -> JobFixtures.releaseLock(CellFixtures.LOCK, CellFixtures.OTHER_JOB)),
  TIME("time, until every wait is over", Stimulus::timePassed),

  FLAG_LATE("flag-late", cell -> JobFixtures.flagLate(JOB, cell.token(), cell.leaseSequence())),
  FLAG_LATE_OLDER_TOKEN(
      "flag-late, under an older token",
      cell -> JobFixtures.flagLate(JOB, cell.olderToken(), cell.leaseSequence())),
  FLAG_STALE("flag-stale", cell -> JobFixtures.flagStale(JOB, cell.token(), cell.leaseSequence())),
  FLAG_STALE_OLDER_LEASE(
      "flag-stale, under an older lease sequence",
      cell -> JobFixtures.flagStale(JOB, cell.token(), cell.leaseSequence() - 1)),
  FLAG_ON_TIME(
      "flag-on-time", cell -> JobFixtures.flagOnTime(JOB, cell.token(), cell.leaseSequence())),
  FLAG_ON_TIME_OLDER_TOKEN(
      "flag-on-time, under an older token",
      cell -> JobFixtures.flagOnTime(JOB, cell.olderToken(), cell.leaseSequence())),
  REQUEUE_STALE(
      "requeue-stale", cell -> JobFixtures.requeueStale(JOB, cell.token(), cell.leaseSequence())),
  REQUEUE_STALE_OLDER_TOKEN(
      "requeue-stale, under an older token",
      cell -> JobFixtures.requeueStale(JOB, cell.olderToken(), cell.leaseSequence())),
  REQUEUE_STALE_OLDER_LEASE(
      "requeue-stale, under an older lease sequence",
      cell -> JobFixtures.requeueStale(JOB, cell.token(), cell.leaseSequence() - 1)),

  TAKEN("taken", cell -> JobFixtures.taken(WORKER, JOB, cell.token())),
  TAKEN_OLDER_TOKEN(
      "taken, under an older token", cell -> JobFixtures.taken(WORKER, JOB, cell.olderToken())),
  PHASE_ENTERED(
      "phase-entered", cell -> JobFixtures.entered(WORKER, JOB, cell.token(), Phase.COLLECTING)),
  PHASE_ENTERED_OLDER_TOKEN(
      "phase-entered, under an older token",
      cell -> JobFixtures.entered(WORKER, JOB, cell.olderToken(), Phase.COLLECTING)),
  PHASE_ENTERED_OVERTAKEN(
      "phase-entered, overtaken by a later one",
      cell -> JobFixtures.entered(WORKER, JOB, cell.token(), Phase.PREPARING)),
  FILE_KEPT("file-kept", cell -> JobFixtures.kept(WORKER, JOB, cell.token(), KeptKind.WORK)),
  FILE_KEPT_OLDER_TOKEN(
      "file-kept, under an older token",
      cell -> JobFixtures.kept(WORKER, JOB, cell.olderToken(), KeptKind.WORK)),
  ENDED_WELL(
      "ended, with exit code 0",
      cell -> JobFixtures.ended(WORKER, JOB, cell.token(), new Outcome.Exited(0))),
  ENDED_BADLY(
      "ended, with exit code 1",
      cell -> JobFixtures.ended(WORKER, JOB, cell.token(), new Outcome.Exited(1))),
  ENDED_BY_SIGNAL(
      "ended, by a signal",
      cell -> JobFixtures.ended(WORKER, JOB, cell.token(), new Outcome.Signalled(11))),
  ENDED_UNSTARTED(
      "ended, it could not be started",
      cell ->
          JobFixtures.ended(
              WORKER, JOB, cell.token(), new Outcome.Failed("ref-unknown", "no such ref"))),
  ENDED_TIMED_OUT(
      "ended, by a time limit",
      cell -> JobFixtures.ended(WORKER, JOB, cell.token(), new Outcome.TimedOut("run"))),
  ENDED_CANCELLED(
      "ended, as cancelled",
      cell -> JobFixtures.ended(WORKER, JOB, cell.token(), new Outcome.Cancelled(1))),
  ENDED_AT_LIMIT(
      "ended, at the limit of its account",
      cell -> JobFixtures.endedAtLimit(WORKER, JOB, cell.token(), null)),
  ENDED_OLDER_TOKEN(
      "ended, under an older token",
      cell -> JobFixtures.ended(WORKER, JOB, cell.olderToken(), new Outcome.Exited(0))),
  ENDED_OTHER_WORKER(
      "ended, from a worker that does not hold it",
      cell -> JobFixtures.ended(OTHER_WORKER, JOB, cell.token(), new Outcome.Exited(0))),
  LOST("lost", cell -> JobFixtures.lost(WORKER, JOB, cell.token())),
  LOST_OLDER_TOKEN(
      "lost, under an older token", cell -> JobFixtures.lost(WORKER, JOB, cell.olderToken())),
  RELEASED("released", cell -> JobFixtures.released(WORKER, JOB, cell.token())),
  RELEASED_OLDER_TOKEN(
      "released, under an older token",
      cell -> JobFixtures.released(WORKER, JOB, cell.olderToken())),
  ADOPTED("adopted", cell -> JobFixtures.adopted(WORKER, JOB, cell.token(), INCARNATION + 1)),
  ADOPTED_REPEATED(
      "adopted, by the incarnation that holds it",
      cell -> JobFixtures.adopted(WORKER, JOB, cell.token(), INCARNATION)),
  ADOPTED_OLDER_TOKEN(
      "adopted, under an older token",
      cell -> JobFixtures.adopted(WORKER, JOB, cell.olderToken(), INCARNATION + 1)),
  RENEW("renew", cell -> JobFixtures.renew(WORKER, JOB, cell.token())),
  RENEW_OLDER_TOKEN(
      "renew, under an older token", cell -> JobFixtures.renew(WORKER, JOB, cell.olderToken())),

  STARTED_WITH_IT(
      "worker-started, and has the attempt",
      cell -> JobFixtures.started(WORKER, INCARNATION + 1, new HeldAttempt(JOB, cell.token()))),
  STARTED_WITH_OLDER(
      "worker-started, and has an older attempt",
      cell ->
          JobFixtures.started(WORKER, INCARNATION + 1, new HeldAttempt(JOB, cell.olderToken()))),
  STARTED_WITHOUT(
      "worker-started, and has nothing", cell -> JobFixtures.started(WORKER, INCARNATION + 1)),
  STARTED_REPEATED(
      "worker-started, repeated by the incarnation that holds it",
      cell -> JobFixtures.started(WORKER, INCARNATION)),
  STARTED_OLDER(
      "worker-started, from an older incarnation",
      cell -> JobFixtures.started(WORKER, INCARNATION - 1)),
  OTHER_STARTED_WITH_IT(
      "worker-started, another worker that has the attempt",
      cell -> JobFixtures.started(OTHER_WORKER, 1, new HeldAttempt(JOB, cell.token()))),

  PRESENCE("presence, with a slot", cell -> cell.newestPresence(1)),
  PRESENCE_FULL("presence, without a slot", cell -> cell.newestPresence(0)),
  PRESENCE_REPEATED("presence, repeated", cell -> cell.oldPresence());

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // captures nothing
  private final Function<CellFixtures, CellInput> input;

  Stimulus(String label, Function<CellFixtures, CellInput> input) {
    this.label = label;
    this.input = input;
  }

  private static CellInput timePassed(CellFixtures cell) {
    cell.muchLater();
    return new CellInput.TimePassed();
  }

  String label() {
    return label;
  }

  CellInput given(CellFixtures cell) {
    return input.apply(cell);
  }
}
