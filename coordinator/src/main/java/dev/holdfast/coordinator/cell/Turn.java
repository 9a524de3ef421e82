package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Running;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.RequeueReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One input being decided: collects events, each applied at once, and effects. */
final class Turn {
  private final Cell cell;
  private final CellRules rules;
  private final Instant now;
  private final List<JobEvent> events = new ArrayList<>();
  private final List<CellEvent> cellEvents = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();

  Turn(Cell cell, CellRules rules, Instant now) {
    this.cell = cell;
    this.rules = rules;
    this.now = now;
  }

  Cell cell() {
    return cell;
  }

  CellRules rules() {
    return rules;
  }

  Instant now() {
    return now;
  }

  /** Never before that of an earlier submission, even if the clock was set back. */
  Instant submissionInstant() {
    Instant newest = Instant.ofEpochMilli(cell.counters().submittedMs());
    return now.isBefore(newest) ? newest : now;
  }

  void emit(JobEvent event) {
    Evolution.apply(cell, event);
    events.add(event);
  }

  void emit(CellEvent event) {
    Evolution.apply(cell, event);
    cellEvents.add(event);
  }

  void effect(Effect effect) {
    effects.add(effect);
  }

  void order(Order order) {
    effects.add(new Effect.SendOrder(order));
  }

  Decision decision() {
    return new Decision(events, cellEvents, effects);
  }

  void reject(JobId job, String by, String command, Rejection rejection) {
    emit(
        new JobEvent.CommandRejected(
            job,
            now,
            Cause.by(by),
            command,
            rejection.code(),
            rejection.message(),
            rejection.request()));
  }

  /**
   * Ends an attempt that has no outcome: requeues its job, or ends the job if it was being
   * cancelled or has lost too many attempts. The lease is over either way.
   */
  void lose(Job job, Running run, RequeueReason reason, Cause cause) {
    effect(new Effect.CloseLease(job.id()));
    if (run.cancelling()) {
      end(job, run.token(), new Outcome.Cancelled(0), cause);
    } else if (reason.costsAttempt() && job.lostAttempts() + 1 > rules.lostLimit()) {
      end(job, run.token(), lostTooOften(job, run, cause), cause);
    } else {
      emit(new JobEvent.Requeued(job.id(), now, cause, job.attempt(), run.token(), reason));
    }
  }

  private void end(Job job, Token token, Outcome outcome, Cause cause) {
    emit(
        new JobEvent.Ended(
            job.id(), now, cause, outcome.state(), job.attempt(), token, outcome, null, null));
  }

  private static Outcome lostTooOften(Job job, Running run, Cause cause) {
    String evidence =
        Stream.concat(
                job.losses().stream(),
                Stream.of(new Job.Loss(job.attempt(), run.worker(), cause.why())))
            .map(loss ->
                "attempt " + loss.attempt() + " on " + loss.worker() + ": " + loss.evidence())
            .collect(Collectors.joining("; "));
    return new Outcome.Failed(
        "lost-too-often",
        (job.lostAttempts() + 1)
            + " attempts of this job were lost, so it is not tried again: "
            + evidence
            + ". If the job is not to blame, submit it again under another id.");
  }
}
