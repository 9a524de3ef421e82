package dev.holdfast.drill.simulation;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.RequeueReason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds every decided fact against what was decided before it and what is true in the world. */
final class Referee {
  /** A worker that was well for so long has beaten, or asked for its lease, and been heard. */
  private static final long HEARD_AFTER_MS = 45_000;

  /**
   * By so much the log's clock may be ahead: a tick may count two intervals, and the next one too.
   */
  private static final long LOG_AHEAD_MS = 3 * World.TICK.toMillis();

  private static final double FASTEST = 1.002;

  private final Witness witness;
  private final Cast cast;
  private final int lostLimit;
  private final Map<JobId, JobView> views = new HashMap<>();
  private final Set<JobId> cancelAsked = new HashSet<>();

  /** Who holds which lock, by the events alone. */
  private final Map<String, JobId> locks = new HashMap<>();

  private final Set<String> everLocked = new HashSet<>();

  Referee(Witness witness, Cast cast, int lostLimit) {
    this.witness = witness;
    this.cast = cast;
    this.lostLimit = lostLimit;
  }

  void cancelAsked(JobId job) {
    cancelAsked.add(job);
  }

  boolean ended(JobId job) {
    return view(job).ended();
  }

  /**
   * Judges a decision.
   *
   * @param nowMs true time; the event's own is by the clock of whoever decided
   */
  void decided(JobEvent event, long nowMs) {
    JobId job = event.job();
    witness.chronicle().note(job, event instanceof JobEvent.Submitted ? "Submitted" : event);
    switch (event) {
      case JobEvent.Submitted submitted -> {
        living(job, event)
            .submitted(Objects.requireNonNull(submitted.spec().liveness()), submitted.at());
        witness.locks(job, submitted.spec().allLocks());
      }
      case JobEvent.Readied readied -> {
        living(job, event);
        witness.saw(Occasion.DEFERRED);
      }
      case JobEvent.Locked locked -> locked(living(job, event), locked);
      case JobEvent.Assigned assigned -> assigned(living(job, event), assigned, nowMs);
      case JobEvent.Taken taken -> current(job, taken.token(), event);
      case JobEvent.PhaseEntered entered -> current(job, entered.token(), event);
      case JobEvent.FileKept kept -> current(job, kept.token(), event);
      case JobEvent.HealthChanged changed -> current(job, changed.token(), event);
      case JobEvent.Adopted adopted -> {
        current(job, adopted.token(), event);
        witness.saw(Occasion.ADOPTED_ALIVE);
      }
      case JobEvent.LeaseRenewed renewed -> {
        current(job, renewed.token(), event).opened(nowMs);
        witness.saw(Occasion.RENEWED);
      }
      case JobEvent.Retried retried -> {
        current(job, retried.token(), event).requeued(false);
        locks.values().removeIf(job::equals);
        witness.saw(Occasion.RETRIED);
      }
      case JobEvent.CancelRequested cancel -> current(job, cancel.token(), event);
      case JobEvent.Requeued requeued ->
          requeued(current(job, requeued.token(), event), requeued, nowMs);
      case JobEvent.Ended ended -> ended(ended);
      case JobEvent.CommandRejected rejected -> rejected(rejected);
      case JobEvent.ReportRefused refused -> witness.saw(Occasion.STALE_OUTCOME_REFUSED);
    }
  }

  private void locked(JobView view, JobEvent.Locked event) {
    for (LockWish wish : event.locks()) {
      JobId holder = locks.put(wish.name(), event.job());
      if (holder != null) {
        throw broken(
            Invariant.LOCK_EXCLUSION, event, "job " + holder + " still holds " + wish.name());
      }
      if (!everLocked.add(wish.name())) {
        witness.saw(Occasion.LOCK_PASSED_ON);
      }
    }
    if (!event.at().equals(view.submittedAt())) {
      witness.saw(Occasion.LOCK_WAITED_FOR);
    }
  }

  private void assigned(JobView view, JobEvent.Assigned event, long nowMs) {
    if (!view.isNewer(event.token())) {
      throw broken(Invariant.TOKENS_RISE, event, "it was assigned again by " + event);
    }
    if (view.current() != null) {
      throw broken(
          Invariant.ONE_ATTEMPT_AT_A_TIME, event, "token " + view.current() + " still holds it");
    }
    view.assigned(event.token(), event.worker());
    view.opened(nowMs);
  }

  private void requeued(JobView view, JobEvent.Requeued event, long nowMs) {
    var attempt = new HeldAttempt(event.job(), event.token());
    if (event.reason() == RequeueReason.STALE) {
      long wellMs = cast.wellForMs(Objects.requireNonNull(view.worker()));
      if (wellMs > HEARD_AFTER_MS) {
        throw broken(
            Invariant.NO_FALSE_REVOCATION,
            event,
            "worker " + view.worker() + " had been well for " + wellMs + " ms");
      }
      long openMs = nowMs - view.openedAtMs();
      long staleAfterMs = view.liveness().staleAfter().toMillis();
      if (openMs < (staleAfterMs - LOG_AHEAD_MS) / FASTEST) {
        throw broken(
            Invariant.NO_FALSE_REVOCATION,
            event,
            "its lease had been granted or renewed only " + openMs + " ms before");
      }
    } else if (witness.fate(attempt).isWorthSomething()) {
      throw broken(
          Invariant.NOTHING_THROWN_AWAY,
          event,
          "the attempt of token " + event.token() + " is " + witness.fate(attempt));
    }
    witness.saw(
        switch (event.reason()) {
          case STALE -> Occasion.REQUEUED_AS_STALE;
          case LOST -> Occasion.REQUEUED_AS_LOST;
          case RELEASED -> Occasion.RELEASED;
          case NEVER_ARRIVED -> Occasion.NEVER_ARRIVED;
          case QUOTA -> throw broken(Invariant.TRUE_OUTCOME, event, "no job here has an account");
        });
    view.requeued(event.reason().costsAttempt());
  }

  private void ended(JobEvent.Ended event) {
    JobView view = living(event.job(), event);
    Token token = event.token();
    if (token != null || view.current() != null) {
      current(event.job(), token, event);
    }
    if (!isTrue(event, view)) {
      String fate =
          token == null
              ? "no attempt was made"
              : "the attempt is " + witness.fate(new HeldAttempt(event.job(), token));
      throw broken(Invariant.TRUE_OUTCOME, event, event.outcome() + " was accepted while " + fate);
    }
    view.end();
    locks.values().removeIf(event.job()::equals);
  }

  private boolean isTrue(JobEvent.Ended event, JobView view) {
    Token token = event.token();
    Ending ending =
        token == null ? null : witness.fate(new HeldAttempt(event.job(), token)).ending();
    return switch (event.outcome()) {
      case Outcome.Exited(int code) ->
          new Ending.Exited(code).equals(ending) && code == cast.work(event.job()).exitCode();
      case Outcome.Signalled(int signal) -> new Ending.Signalled(signal).equals(ending);
      case Outcome.Cancelled cancelled -> {
        witness.saw(
            token == null ? Occasion.CANCELLED_BEFORE_START : Occasion.CANCELLED_WHILE_RUNNING);
        yield cancelAsked.contains(event.job());
      }
      case Outcome.Failed failed -> {
        witness.saw(Occasion.LOST_TOO_OFTEN);
        yield failed.code().equals("lost-too-often") && view.lost() == lostLimit;
      }
      case Outcome.TimedOut timedOut -> false;
    };
  }

  private void rejected(JobEvent.CommandRejected event) {
    switch (event.code()) {
      case "job-conflict" -> witness.saw(Occasion.CONFLICTING_SUBMISSION_REJECTED);
      case "job-ended" -> witness.saw(Occasion.CANCEL_CAME_TOO_LATE);
      default -> {}
    }
  }

  /** The coordinator's state after a restart is held against the one it had before. */
  void restarted(Cell before, Cell after) {
    boolean same =
        List.copyOf(before.jobs()).equals(List.copyOf(after.jobs()))
            && before.queue().equals(after.queue())
            && before.counters().equals(after.counters());
    if (!same) {
      throw new Violation(
          Invariant.STATE_IS_FOLD,
          "jobs were " + before.jobs() + " and came back as " + after.jobs(),
          "");
    }
  }

  private JobView living(JobId job, JobEvent event) {
    JobView view = view(job);
    if (view.ended()) {
      throw broken(Invariant.TERMINAL_STAYS, event, "after its end came " + event);
    }
    return view;
  }

  private JobView current(JobId job, @Nullable Token token, JobEvent event) {
    JobView view = living(job, event);
    if (token == null || !token.equals(view.current())) {
      throw broken(
          Invariant.CURRENT_TOKEN_ONLY,
          event,
          "token " + view.current() + " was current when this was decided: " + event);
    }
    return view;
  }

  private JobView view(JobId job) {
    return views.computeIfAbsent(job, unknown -> new JobView());
  }

  private Violation broken(Invariant invariant, JobEvent event, String found) {
    return witness.violation(invariant, event.job(), found);
  }
}
