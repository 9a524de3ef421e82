package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.codec.SpecDigest;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.LockWish;
import java.util.Optional;

/** What clients ask for: submit and cancel. */
final class Requests {
  private Requests() {}

  /** The same id with the same spec is the same job, however often it comes. */
  static void submit(Turn turn, JobCommand.Submit submit) {
    String digest = SpecDigest.of(submit.spec());
    Optional<String> known = knownDigest(turn.cell(), submit);
    if (known.isPresent()) {
      if (!known.get().equals(digest)) {
        reject(
            turn,
            submit,
            "job-conflict",
            "job "
                + submit.job()
                + " exists with another spec; submit under another id or idempotency key");
      }
      return;
    }
    Optional<LockWish> tooLarge =
        submit.spec().allLocks().stream()
            .filter(wish -> wish.permits() > turn.cell().controls().permits(wish.name()))
            .findFirst();
    if (tooLarge.isPresent()) {
      reject(turn, submit, "permits-exceeded", tooLarge(turn.cell(), tooLarge.get()));
      return;
    }
    JobSpec spec;
    try {
      spec = decided(turn.rules(), submit.spec());
    } catch (InvalidField e) {
      reject(turn, submit, "liveness-too-short", e.within("spec.liveness").describe());
      return;
    }
    turn.emit(
        new JobEvent.Submitted(
            submit.job(),
            turn.submissionInstant(),
            Cause.by(submit.by()),
            spec,
            digest,
            turn.cell().counters().sequence()));
  }

  static void cancel(Turn turn, JobCommand.Cancel cancel) {
    var cause = new Cause(cancel.by(), cancel.why() == null ? "" : cancel.why());
    Optional<Job> living = turn.cell().find(cancel.job());
    if (living.isEmpty()) {
      refuse(turn, cancel);
      return;
    }
    Cancellations.cancel(turn, living.get(), cause);
  }

  /** Cancelling what is cancelled already is no refusal. */
  private static void refuse(Turn turn, JobCommand.Cancel cancel) {
    Optional<EndedJob> ended = turn.cell().findEnded(cancel.job());
    if (ended.isEmpty()) {
      turn.reject(
          cancel.job(),
          cancel.by(),
          "cancel",
          new Rejection(
              "job-unknown",
              "no job " + cancel.job() + " is known; check the id",
              cancel.request()));
    } else if (ended.get().state() != new Outcome.Cancelled(0).state()) {
      turn.reject(
          cancel.job(),
          cancel.by(),
          "cancel",
          new Rejection(
              "job-ended",
              "job " + cancel.job() + " has already ended as " + ended.get().state(),
              cancel.request()));
    }
  }

  private static String tooLarge(Cell cell, LockWish wish) {
    return "lock "
        + wish.name()
        + " has "
        + cell.controls().permits(wish.name())
        + " permits and the job asks for "
        + wish.permits()
        + "; ask for fewer, or give the lock more with a permits control";
  }

  private static Optional<String> knownDigest(Cell cell, JobCommand.Submit submit) {
    return cell.find(submit.job())
        .map(Job::specDigest)
        .or(() -> cell.findEnded(submit.job()).map(EndedJob::specDigest));
  }

  private static JobSpec decided(CellRules rules, JobSpec spec) {
    return spec.liveness() == null
        ? spec.withLiveness(rules.liveness())
        : spec.withLiveness(spec.liveness().checkedAgainst(rules.tick()));
  }

  private static void reject(Turn turn, JobCommand.Submit submit, String code, String message) {
    turn.reject(
        submit.job(), submit.by(), "submit", new Rejection(code, message, submit.request()));
  }
}
