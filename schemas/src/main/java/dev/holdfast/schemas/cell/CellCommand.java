package dev.holdfast.schemas.cell;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.job.JobId;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask of the coordinator that is not about one job. Key: {@code ~} and {@link
 * #subject}. Each that is accepted is an event, with who and why; one that is refused gets a {@link
 * CellEvent.CellCommandRejected}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CellCommand.SetControl.class, name = "set-control"),
  @JsonSubTypes.Type(value = CellCommand.RemoveControl.class, name = "remove-control"),
  @JsonSubTypes.Type(value = CellCommand.ReleaseLock.class, name = "release-lock"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface CellCommand {
  /** What it is about; the record's key is this after a {@code ~}. */
  String subject();

  String by();

  @Nullable String why();

  /** The sender's correlation id, echoed in a rejection. */
  @Nullable String request();

  /** From now on this holds, in place of what held under the same key. */
  record SetControl(Control control, String by, @Nullable String why, @Nullable String request)
      implements CellCommand {
    public SetControl {
      Require.present("control", control);
      checked(by, why, request);
    }

    @Override
    public String subject() {
      return control.key();
    }
  }

  /**
   * From now on this does not hold any more. Removing what is not there is no error.
   *
   * @param control its key, e.g. {@code pause/pool/default}
   */
  record RemoveControl(String control, String by, @Nullable String why, @Nullable String request)
      implements CellCommand {
    public RemoveControl {
      Require.line("control", control, 2200);
      checked(by, why, request);
    }

    @Override
    public String subject() {
      return control;
    }
  }

  /**
   * Takes a lock from a job that holds it. One that runs is fenced and ended first, as if it had
   * been cancelled; the lock is free once that has provably happened. Refused if another job holds
   * the lock by now: a command that comes twice must not hit the next one.
   *
   * @param lock its name
   * @param holder the job that is to lose it
   */
  record ReleaseLock(
      String lock, JobId holder, String by, @Nullable String why, @Nullable String request)
      implements CellCommand {
    public ReleaseLock {
      Require.line("lock", lock, 2100);
      Require.present("holder", holder);
      checked(by, why, request);
    }

    @Override
    public String subject() {
      return "lock/" + lock;
    }
  }

  private static void checked(String by, @Nullable String why, @Nullable String request) {
    Require.line("by", by, 200);
    Require.optionalLine("why", why, 2000);
    Require.optionalLine("request", request, 200);
  }
}
