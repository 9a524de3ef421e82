package dev.holdfast.gateway.view;

import dev.holdfast.gateway.view.JobView.Attempt;
import dev.holdfast.gateway.view.JobView.End;
import dev.holdfast.gateway.view.JobView.Queueing;
import dev.holdfast.gateway.view.JobView.Status;
import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.job.LockWish;
import dev.holdfast.schemas.job.QueueRank;
import dev.holdfast.schemas.job.Scheduling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What an event means for the view of its job. Pure: the same events give the same view. */
final class JobFold {
  /** A job that is handed back for ever must not grow its view for ever. */
  static final int MOST_ATTEMPTS = 100;

  private static final String WAITS = "waiting for a free slot";
  private static final String LOST_TOO_OFTEN = "lost-too-often";

  private JobFold() {}

  static JobView submitted(JobEvent.Submitted event) {
    return new JobView(
        event.job(),
        event.sequence(),
        event.spec().priority(),
        event.specDigest(),
        event.at(),
        first(event.spec()),
        List.of(),
        0,
        null,
        queueing(event));
  }

  private static Queueing queueing(JobEvent.Submitted event) {
    Scheduling scheduling = event.spec().schedulingOrNone();
    return new Queueing(
        scheduling.owner() == null ? event.cause().by() : scheduling.owner(),
        scheduling.poolOrDefault(),
        QueueRank.of(event.spec().priority(), event.at()),
        event.spec().allLocks().stream().map(LockWish::name).toList());
  }

  private static Status first(JobSpec spec) {
    Instant notBefore = spec.schedulingOrNone().notBefore();
    return notBefore == null
        ? ready(spec.allLocks().stream().map(LockWish::name).toList())
        : new Status(JobState.WAITING, null, null, false, "not to start before " + notBefore);
  }

  private static Status ready(List<String> locks) {
    return locks.isEmpty()
        ? new Status(JobState.QUEUED, null, null, false, WAITS)
        : new Status(JobState.WAITING, null, null, false, "waits for " + lockNames(locks));
  }

  private static String lockNames(List<String> locks) {
    return (locks.size() == 1 ? "the lock " : "the locks ") + String.join(", ", locks);
  }

  static JobView evolve(JobView job, JobEvent event) {
    return switch (event) {
      case JobEvent.Submitted again -> job;
      case JobEvent.Readied readied -> job.with(ready(job.queueing().locks()));
      case JobEvent.Locked locked ->
          job.with(
              new Status(
                  JobState.QUEUED,
                  null,
                  null,
                  false,
                  WAITS + ", holds " + lockNames(job.queueing().locks())));
      case JobEvent.Assigned assigned -> assigned(job, assigned);
      case JobEvent.Taken taken ->
          job.with(attempts(job, taken.token(), attempt -> started(attempt, taken.at())));
      case JobEvent.PhaseEntered entered ->
          job.with(running(job, entered.phase(), job.status().health(), job.status().reason()));
      case JobEvent.HealthChanged changed -> health(job, changed);
      case JobEvent.Adopted adopted ->
          job.with(attempts(job, adopted.token(), attempt -> adopted(attempt, adopted)));
      case JobEvent.LeaseRenewed renewed -> job;
      case JobEvent.FileKept kept -> job;
      case JobEvent.Requeued requeued -> requeued(job, requeued);
      case JobEvent.Retried retried -> retried(job, retried);
      case JobEvent.CancelRequested cancel ->
          job.with(
              new Status(
                  job.state(),
                  job.status().phase(),
                  job.status().health(),
                  true,
                  cancelled(cancel.cause())));
      case JobEvent.Ended ended -> ended(job, ended);
      case JobEvent.CommandRejected rejected -> job;
      case JobEvent.ReportRefused refused -> job;
    };
  }

  private static JobView assigned(JobView job, JobEvent.Assigned event) {
    var attempts = new ArrayList<>(job.attempts());
    attempts.add(
        new Attempt(
            event.attempt(),
            event.token(),
            event.worker(),
            event.incarnation(),
            event.at(),
            null,
            null,
            null));
    if (attempts.size() > MOST_ATTEMPTS) {
      attempts.removeFirst();
    }
    return job.with(attempts)
        .with(new Status(JobState.RUNNING, Phase.ASSIGNED, Health.ON_TIME, false, null));
  }

  private static JobView health(JobView job, JobEvent.HealthChanged event) {
    if (job.status().cancelling()) {
      return job.with(running(job, job.status().phase(), event.health(), job.status().reason()));
    }
    String reason =
        switch (event.health()) {
          case ON_TIME -> null;
          case LATE -> said(event.cause(), "no heartbeat for half of stale-after");
          case STALE -> said(event.cause(), "no heartbeat for stale-after");
        };
    return job.with(running(job, job.status().phase(), event.health(), reason));
  }

  private static JobView requeued(JobView job, JobEvent.Requeued event) {
    String what =
        switch (event.reason()) {
          case LOST -> "lost";
          case STALE -> "stale";
          case RELEASED -> "released";
          case NEVER_ARRIVED -> "never arrived";
          case QUOTA -> "over its account's limit";
        };
    String why = event.cause().why().isEmpty() ? "" : ": " + event.cause().why();
    String reason =
        WAITS
            + " again: attempt "
            + event.attempt()
            + " under token "
            + event.token()
            + " was "
            + what
            + why;
    return job.with(attempts(job, event.token(), attempt -> over(attempt, event.at(), what + why)))
        .withLost(job.lostAttempts() + (event.reason().costsAttempt() ? 1 : 0))
        .with(new Status(JobState.QUEUED, null, null, false, reason));
  }

  private static JobView retried(JobView job, JobEvent.Retried event) {
    String what = event.outcome().describe();
    String reason =
        "attempt " + event.attempt() + " " + what + "; it is tried again at " + event.until();
    return job.with(attempts(job, event.token(), attempt -> over(attempt, event.at(), what)))
        .with(new Status(JobState.WAITING, null, null, false, reason));
  }

  private static JobView ended(JobView job, JobEvent.Ended event) {
    Outcome outcome = event.outcome();
    Token token = event.token();
    boolean lost = outcome instanceof Outcome.Failed failed && failed.code().equals(LOST_TOO_OFTEN);
    List<Attempt> attempts =
        token == null
            ? job.attempts()
            : attempts(job, token, attempt -> over(attempt, event.at(), outcome.describe()));
    return job.with(attempts)
        .withLost(job.lostAttempts() + (lost && token != null ? 1 : 0))
        .with(new Status(event.state(), null, null, false, reason(job, event)))
        .with(
            new End(
                event.at(),
                token,
                outcome instanceof Outcome.Exited exited ? exited.code() : null,
                event.output(),
                event.result(),
                event.usage()));
  }

  private static @Nullable String reason(JobView job, JobEvent.Ended event) {
    return switch (event.outcome()) {
      case Outcome.Exited exited -> exited.code() == 0 ? null : exited.describe();
      case Outcome.Cancelled cancelled -> {
        String asked = job.status().cancelling() ? job.status().reason() : null;
        String by = asked == null ? cancelled(event.cause()) : asked + beyondRequest(event);
        yield cancelled.killed() == 0
            ? by
            : by + "; " + cancelled.killed() + " processes had to be killed";
      }
      case Outcome.Signalled signalled -> signalled.describe();
      case Outcome.TimedOut timedOut -> timedOut.describe();
      case Outcome.Failed failed -> failed.describe();
    };
  }

  private static Status running(
      JobView job, @Nullable Phase phase, @Nullable Health health, @Nullable String reason) {
    return new Status(job.state(), phase, health, job.status().cancelling(), reason);
  }

  private static String cancelled(Cause cause) {
    return "cancelled by " + cause.by() + (cause.why().isEmpty() ? "" : ": " + cause.why());
  }

  /** What else is to be said of an end on request: that its worker had no say in it, perhaps. */
  private static String beyondRequest(JobEvent.Ended event) {
    String why = event.cause().why();
    return why.isEmpty() || why.equals(event.outcome().describe()) ? "" : "; " + why;
  }

  private static String said(Cause cause, String otherwise) {
    return cause.why().isEmpty() ? otherwise : cause.why();
  }

  private static List<Attempt> attempts(JobView job, Token token, UnaryOperator<Attempt> change) {
    return job.attempts().stream()
        .map(attempt -> attempt.token().equals(token) ? change.apply(attempt) : attempt)
        .toList();
  }

  private static Attempt started(Attempt was, Instant at) {
    return new Attempt(
        was.attempt(),
        was.token(),
        was.worker(),
        was.incarnation(),
        was.assignedAt(),
        at,
        null,
        null);
  }

  private static Attempt adopted(Attempt was, JobEvent.Adopted event) {
    return new Attempt(
        was.attempt(),
        was.token(),
        event.worker(),
        event.incarnation(),
        was.assignedAt(),
        was.startedAt(),
        was.endedAt(),
        was.ended());
  }

  private static Attempt over(Attempt was, Instant at, String what) {
    return new Attempt(
        was.attempt(),
        was.token(),
        was.worker(),
        was.incarnation(),
        was.assignedAt(),
        was.startedAt(),
        at,
        what);
  }
}
