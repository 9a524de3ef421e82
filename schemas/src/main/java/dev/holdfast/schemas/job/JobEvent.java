package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.attempt.Health;
import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.attempt.Usage;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decided fact about a job. Key: the job's id. Only the coordinator writes these; the events
 * topic is what every view is built from. Events are for ever: they change by adding a type or an
 * optional field.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JobEvent.Submitted.class, name = "submitted"),
  @JsonSubTypes.Type(value = JobEvent.Readied.class, name = "readied"),
  @JsonSubTypes.Type(value = JobEvent.Locked.class, name = "locked"),
  @JsonSubTypes.Type(value = JobEvent.Assigned.class, name = "assigned"),
  @JsonSubTypes.Type(value = JobEvent.Taken.class, name = "taken"),
  @JsonSubTypes.Type(value = JobEvent.PhaseEntered.class, name = "phase-entered"),
  @JsonSubTypes.Type(value = JobEvent.HealthChanged.class, name = "health-changed"),
  @JsonSubTypes.Type(value = JobEvent.Adopted.class, name = "adopted"),
  @JsonSubTypes.Type(value = JobEvent.LeaseRenewed.class, name = "lease-renewed"),
  @JsonSubTypes.Type(value = JobEvent.FileKept.class, name = "file-kept"),
  @JsonSubTypes.Type(value = JobEvent.Requeued.class, name = "requeued"),
  @JsonSubTypes.Type(value = JobEvent.Retried.class, name = "retried"),
  @JsonSubTypes.Type(value = JobEvent.CancelRequested.class, name = "cancel-requested"),
  @JsonSubTypes.Type(value = JobEvent.Ended.class, name = "ended"),
  @JsonSubTypes.Type(value = JobEvent.CommandRejected.class, name = "command-rejected"),
  @JsonSubTypes.Type(value = JobEvent.ReportRefused.class, name = "report-refused"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface JobEvent {
  JobId job();

  /** When the coordinator decided, by its wall clock; for people, never for arithmetic. */
  Instant at();

  Cause cause();

  /**
   * Accepted. It waits for its earliest start if it names one, else for its locks if it has any,
   * else in the ready queue.
   *
   * @param spec as decided, liveness filled in
   * @param specDigest of the spec as submitted
   * @param sequence place in the order of submission
   */
  record Submitted(
      JobId job, Instant at, Cause cause, JobSpec spec, String specDigest, long sequence)
      implements JobEvent {
    public Submitted {
      checked(job, at, cause);
      Require.present("spec", spec);
      Require.present("specDigest", specDigest);
    }
  }

  /** The instant that the job waited for has come. It waits for its locks now, if it has any. */
  record Readied(JobId job, Instant at, Cause cause) implements JobEvent {
    public Readied {
      checked(job, at, cause);
    }
  }

  /** The job holds all its locks now, and is in the ready queue. */
  record Locked(JobId job, Instant at, Cause cause, List<LockWish> locks) implements JobEvent {
    public Locked {
      checked(job, at, cause);
      locks = locks == null ? List.of() : List.copyOf(locks);
    }
  }

  /** Granted to one incarnation of one worker; the lease opens. */
  record Assigned(
      JobId job,
      Instant at,
      Cause cause,
      int attempt,
      Token token,
      long leaseSequence,
      WorkerId worker,
      long incarnation,
      long presenceSequence)
      implements JobEvent {
    public Assigned {
      checked(job, at, cause);
      Require.present("token", token);
      Require.present("worker", worker);
    }
  }

  /** The worker made the assignment durable and starts it. */
  record Taken(JobId job, Instant at, Cause cause, Token token) implements JobEvent {
    public Taken {
      checked(job, at, cause);
      Require.present("token", token);
    }
  }

  /** The attempt entered a phase. */
  record PhaseEntered(JobId job, Instant at, Cause cause, Token token, Phase phase)
      implements JobEvent {
    public PhaseEntered {
      checked(job, at, cause);
      Require.present("token", token);
      Require.present("phase", phase);
    }
  }

  /** The attempt became late, stale or on time again. */
  record HealthChanged(JobId job, Instant at, Cause cause, Token token, Health health)
      implements JobEvent {
    public HealthChanged {
      checked(job, at, cause);
      Require.present("token", token);
      Require.present("health", health);
    }
  }

  /** A restarted worker took up the living attempt that it found on its disk. */
  record Adopted(JobId job, Instant at, Cause cause, Token token, WorkerId worker, long incarnation)
      implements JobEvent {
    public Adopted {
      checked(job, at, cause);
      Require.present("token", token);
      Require.present("worker", worker);
    }
  }

  /** A lease that had run out was granted again to the same attempt, under a larger sequence. */
  record LeaseRenewed(JobId job, Instant at, Cause cause, Token token, long leaseSequence)
      implements JobEvent {
    public LeaseRenewed {
      checked(job, at, cause);
      Require.present("token", token);
    }
  }

  /** An attempt has left something for a later one; it replaces what was kept of its kind. */
  record FileKept(JobId job, Instant at, Cause cause, Token token, KeptKind kind, BlobRef file)
      implements JobEvent {
    public FileKept {
      checked(job, at, cause);
      Require.present("token", token);
      Require.present("kind", kind);
      Require.present("file", file);
    }
  }

  /** Assignable again; the attempt under this token can no longer have an effect. */
  record Requeued(
      JobId job, Instant at, Cause cause, int attempt, Token token, RequeueReason reason)
      implements JobEvent {
    public Requeued {
      checked(job, at, cause);
      Require.present("token", token);
      Require.present("reason", reason);
    }
  }

  /**
   * The attempt had an outcome, and the job is to be tried again: it waits, without slot and locks.
   *
   * @param reason that its policy retries
   * @param until when the wait is over
   * @param output null when no attempt reported any
   * @param result null when there is none
   * @param usage null when no attempt reported any
   */
  record Retried(
      JobId job,
      Instant at,
      Cause cause,
      int attempt,
      Token token,
      RetryCause reason,
      Instant until,
      Outcome outcome,
      @Nullable OutputTotals output,
      @Nullable JobResult result,
      @Nullable Usage usage)
      implements JobEvent {
    public Retried {
      checked(job, at, cause);
      Require.present("token", token);
      Require.present("reason", reason);
      Require.present("until", until);
      Require.present("outcome", outcome);
    }
  }

  /** A running job is to end; it is over when {@link Ended} says so. */
  record CancelRequested(JobId job, Instant at, Cause cause, Token token) implements JobEvent {
    public CancelRequested {
      checked(job, at, cause);
      Require.present("token", token);
    }
  }

  /**
   * The one terminal fact of a job.
   *
   * @param attempt 0 when no attempt was ever made
   * @param token null when the job ended while it waited
   * @param output null when no attempt reported any
   * @param result null when there is none
   * @param usage null when no attempt reported any
   */
  record Ended(
      JobId job,
      Instant at,
      Cause cause,
      JobState state,
      int attempt,
      @Nullable Token token,
      Outcome outcome,
      @Nullable OutputTotals output,
      @Nullable JobResult result,
      @Nullable Usage usage)
      implements JobEvent {

    /** Of an attempt that reported no usage. */
    public Ended(
        JobId job,
        Instant at,
        Cause cause,
        JobState state,
        int attempt,
        @Nullable Token token,
        Outcome outcome,
        @Nullable OutputTotals output,
        @Nullable JobResult result) {
      this(job, at, cause, state, attempt, token, outcome, output, result, null);
    }

    public Ended {
      checked(job, at, cause);
      Require.present("state", state);
      Require.present("outcome", outcome);
    }
  }

  /**
   * A command was refused; nothing changed.
   *
   * @param command type of the command, e.g. {@code submit}
   * @param code machine-readable, see docs/errors.md
   * @param request the command's correlation id
   */
  record CommandRejected(
      JobId job,
      Instant at,
      Cause cause,
      String command,
      String code,
      String message,
      @Nullable String request)
      implements JobEvent {
    public CommandRejected {
      checked(job, at, cause);
      Require.present("command", command);
      Require.present("code", code);
      Require.present("message", message);
    }
  }

  /**
   * A worker's report under a token that is not the current one was refused; nothing changed.
   *
   * @param report type of the report, e.g. {@code ended}
   * @param token the token it came under
   */
  record ReportRefused(
      JobId job, Instant at, Cause cause, String report, Token token, String message)
      implements JobEvent {
    public ReportRefused {
      checked(job, at, cause);
      Require.present("token", token);
    }
  }

  private static void checked(JobId job, Instant at, Cause cause) {
    Require.present("job", job);
    Require.present("at", at);
    Require.present("cause", cause);
  }
}
