package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.attempt.Token;
import org.jspecify.annotations.Nullable;

/**
 * What others ask of the coordinator. Key: the job's id. A command is decided on exactly once; one
 * that is refused gets a {@link JobEvent.CommandRejected}.
 *
 * <p>Submit and cancel come from the gateway and from other systems, the rest are the monitor's
 * proposals. A proposal names the token and lease sequence it was made for, and is refused if
 * either has moved on: compare-and-set, never a sweep over a stale snapshot.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JobCommand.Submit.class, name = "submit"),
  @JsonSubTypes.Type(value = JobCommand.Cancel.class, name = "cancel"),
  @JsonSubTypes.Type(value = JobCommand.FlagLate.class, name = "flag-late"),
  @JsonSubTypes.Type(value = JobCommand.FlagStale.class, name = "flag-stale"),
  @JsonSubTypes.Type(value = JobCommand.FlagOnTime.class, name = "flag-on-time"),
  @JsonSubTypes.Type(value = JobCommand.RequeueStale.class, name = "requeue-stale"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface JobCommand {
  JobId job();

  /**
   * Run this job. The same id with the same spec is the same job; with another spec it is rejected.
   *
   * @param by who submits
   * @param request correlation id, echoed in a rejection
   */
  record Submit(JobId job, JobSpec spec, String by, @Nullable String request)
      implements JobCommand {
    public Submit {
      Require.present("job", job);
      Require.present("spec", spec);
      Require.line("by", by, 200);
      Require.optionalLine("request", request, 200);
    }
  }

  /**
   * End this job: at once while it waits, by ending its whole process tree while it runs. If its
   * worker falls silent meanwhile it ends all the same, and its end says so.
   *
   * @param why shown in the job's history
   */
  record Cancel(JobId job, String by, @Nullable String why, @Nullable String request)
      implements JobCommand {
    public Cancel {
      Require.present("job", job);
      Require.line("by", by, 200);
      Require.optionalLine("why", why, 2000);
      Require.optionalLine("request", request, 200);
    }
  }

  /** No heartbeat for half of stale-after: flag it and have its worker look. */
  record FlagLate(JobId job, Token token, long leaseSequence) implements JobCommand {
    public FlagLate {
      Require.present("job", job);
      Require.present("token", token);
    }
  }

  /** No heartbeat for stale-after: flag it. */
  record FlagStale(JobId job, Token token, long leaseSequence) implements JobCommand {
    public FlagStale {
      Require.present("job", job);
      Require.present("token", token);
    }
  }

  /** Heartbeats came back before a requeue: take the flag away. */
  record FlagOnTime(JobId job, Token token, long leaseSequence) implements JobCommand {
    public FlagOnTime {
      Require.present("job", job);
      Require.present("token", token);
    }
  }

  /** No heartbeat for stale-after: give the job to somebody else, under a larger token. */
  record RequeueStale(JobId job, Token token, long leaseSequence) implements JobCommand {
    public RequeueStale {
      Require.present("job", job);
      Require.present("token", token);
    }
  }
}
