package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator tells one worker. Key: the worker's id. Each worker reads its own partition
 * and skips what names another; acting on an order twice does no harm.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Order.Assigned.class, name = "assigned"),
  @JsonSubTypes.Type(value = Order.Reconciled.class, name = "reconciled"),
  @JsonSubTypes.Type(value = Order.Renewed.class, name = "renewed"),
  @JsonSubTypes.Type(value = Order.Stop.class, name = "stop"),
  @JsonSubTypes.Type(value = Order.Look.class, name = "look"),
  @JsonSubTypes.Type(value = Order.Clean.class, name = "clean"),
})
public sealed interface Order {
  WorkerId worker();

  /**
   * Run this attempt. Names one incarnation, so nobody else may ever start it.
   *
   * @param kept what earlier attempts have left for this one; null for nothing
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Assigned(
      WorkerId worker,
      long incarnation,
      long presenceSequence,
      JobId job,
      int attempt,
      Token token,
      JobSpec spec,
      @Nullable Kept kept)
      implements Order {

    /** With nothing kept. */
    public Assigned(
        WorkerId worker,
        long incarnation,
        long presenceSequence,
        JobId job,
        int attempt,
        Token token,
        JobSpec spec) {
      this(worker, incarnation, presenceSequence, job, attempt, token, spec, null);
    }

    public Assigned {
      Require.present("worker", worker);
      Require.present("job", job);
      Require.present("token", token);
      Require.present("spec", spec);
    }
  }

  /** Answers WorkerStarted: a verdict for everything that the worker found. */
  record Reconciled(WorkerId worker, long incarnation, List<Verdict> verdicts) implements Order {
    public Reconciled {
      Require.present("worker", worker);
      verdicts = verdicts == null ? List.of() : List.copyOf(verdicts);
    }
  }

  /** Answers Renew: the lease is this attempt's again, counted from when the request was sent. */
  record Renewed(WorkerId worker, JobId job, Token token, long request) implements Order {
    public Renewed {
      Require.present("worker", worker);
      Require.present("job", job);
      Require.present("token", token);
    }
  }

  /** End this attempt, its whole process tree. */
  record Stop(WorkerId worker, JobId job, Token token, StopReason reason) implements Order {
    public Stop {
      Require.present("worker", worker);
      Require.present("job", job);
      Require.present("token", token);
      Require.present("reason", reason);
    }
  }

  /** No heartbeat of this attempt has come for a while: beat, or report it lost. */
  record Look(WorkerId worker, JobId job, Token token) implements Order {
    public Look {
      Require.present("worker", worker);
      Require.present("job", job);
      Require.present("token", token);
    }
  }

  /** The attempt is settled: stop beating, remove what it left on the disk. */
  record Clean(WorkerId worker, JobId job, Token token) implements Order {
    public Clean {
      Require.present("worker", worker);
      Require.present("job", job);
      Require.present("token", token);
    }
  }

  /** What the coordinator knows of an attempt that a worker found. */
  record Verdict(JobId job, Token token, Standing standing) {
    public Verdict {
      Require.present("job", job);
      Require.present("token", token);
      Require.present("standing", standing);
    }
  }

  /** How an attempt stands with the coordinator. */
  enum Standing {
    /** It holds the job's lease. */
    @JsonProperty("current")
    CURRENT,
    /** It holds the job's lease, and is to end as cancelled. */
    @JsonProperty("cancelling")
    CANCELLING,
    /** A later token has overtaken it, or its job has ended. */
    @JsonProperty("superseded")
    SUPERSEDED,
    /** No such job is known. */
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** Why an attempt is to end. */
  enum StopReason {
    /** The job was cancelled; its outcome is still wanted. */
    @JsonProperty("cancelled")
    CANCELLED,
    /** A later token has overtaken it; nothing of it is wanted. */
    @JsonProperty("superseded")
    SUPERSEDED
  }
}
