package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.KeptKind;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker tells the coordinator. Key: the job's id, or the worker's for {@link
 * WorkerStarted}. Sent at least once; the coordinator accepts each under its token at most once.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = WorkerReport.WorkerStarted.class, name = "worker-started"),
  @JsonSubTypes.Type(value = WorkerReport.Taken.class, name = "taken"),
  @JsonSubTypes.Type(value = WorkerReport.PhaseEntered.class, name = "phase-entered"),
  @JsonSubTypes.Type(value = WorkerReport.FileKept.class, name = "file-kept"),
  @JsonSubTypes.Type(value = WorkerReport.Ended.class, name = "ended"),
  @JsonSubTypes.Type(value = WorkerReport.Lost.class, name = "lost"),
  @JsonSubTypes.Type(value = WorkerReport.Adopted.class, name = "adopted"),
  @JsonSubTypes.Type(value = WorkerReport.Released.class, name = "released"),
  @JsonSubTypes.Type(value = WorkerReport.Renew.class, name = "renew"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface WorkerReport {
  WorkerId worker();

  /** The record's key on the reports topic. */
  default String key() {
    return switch (this) {
      case WorkerStarted started -> started.worker().value();
      case OfAttempt report -> report.job().value();
    };
  }

  /** A report about one attempt. */
  sealed interface OfAttempt extends WorkerReport {
    JobId job();

    Token token();
  }

  /** First word of a new incarnation: all that it found on its disk. Answered by Reconciled. */
  record WorkerStarted(WorkerId worker, long incarnation, List<HeldAttempt> held)
      implements WorkerReport {
    public WorkerStarted {
      Require.present("worker", worker);
      held = held == null ? List.of() : List.copyOf(held);
    }
  }

  /** The assignment is durable on this worker, and starts. */
  record Taken(WorkerId worker, JobId job, Token token) implements OfAttempt {
    public Taken {
      checked(worker, job, token);
    }
  }

  record PhaseEntered(WorkerId worker, JobId job, Token token, Phase phase) implements OfAttempt {
    public PhaseEntered {
      checked(worker, job, token);
      Require.present("phase", phase);
    }
  }

  /** The attempt has left something for a later one; the blob is durable. */
  record FileKept(WorkerId worker, JobId job, Token token, KeptKind kind, BlobRef file)
      implements OfAttempt {
    public FileKept {
      checked(worker, job, token);
      Require.present("kind", kind);
      Require.present("file", file);
    }
  }

  /**
   * The attempt has an outcome. Repeated until answered by Clean or Stop.
   *
   * @param quota what it said of its account's limit; null if it said nothing
   */
  record Ended(
      WorkerId worker,
      JobId job,
      Token token,
      Outcome outcome,
      OutputTotals output,
      @Nullable JobResult result,
      @Nullable Usage usage,
      @Nullable QuotaNotice quota)
      implements OfAttempt {

    /** Of an attempt whose account has no limit, or did not reach it. */
    public Ended(
        WorkerId worker,
        JobId job,
        Token token,
        Outcome outcome,
        OutputTotals output,
        @Nullable JobResult result,
        @Nullable Usage usage) {
      this(worker, job, token, outcome, output, result, usage, null);
    }

    /** Without a word of what was used. */
    public Ended(
        WorkerId worker,
        JobId job,
        Token token,
        Outcome outcome,
        OutputTotals output,
        @Nullable JobResult result) {
      this(worker, job, token, outcome, output, result, null);
    }

    public Ended {
      checked(worker, job, token);
      Require.present("outcome", outcome);
      Require.present("output", output);
    }
  }

  /** The attempt is gone and its outcome cannot be known. */
  record Lost(WorkerId worker, JobId job, Token token, String evidence) implements OfAttempt {
    public Lost {
      checked(worker, job, token);
      Require.present("evidence", evidence);
    }
  }

  /** This incarnation took up the living attempt that it found. */
  record Adopted(WorkerId worker, JobId job, Token token, long incarnation, String evidence)
      implements OfAttempt {
    public Adopted {
      checked(worker, job, token);
      Require.present("evidence", evidence);
    }
  }

  /** A promise never to start this token. */
  record Released(WorkerId worker, JobId job, Token token, String why) implements OfAttempt {
    public Released {
      checked(worker, job, token);
      Require.present("why", why);
    }
  }

  /**
   * The lease ran out while nobody else was given the job: asks for it again.
   *
   * @param request number that the answer repeats; the lease counts from when it was sent
   */
  record Renew(WorkerId worker, JobId job, Token token, long request) implements OfAttempt {
    public Renew {
      checked(worker, job, token);
    }
  }

  private static void checked(WorkerId worker, JobId job, Token token) {
    Require.present("worker", worker);
    Require.present("job", job);
    Require.present("token", token);
  }
}
