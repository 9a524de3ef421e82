package dev.holdfast.schemas.cell;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decided fact about a cell that is not about one job. On the events topic, under the key {@code
 * ~} and {@link #subject}, so that readers of jobs tell it by its key. Events are for ever.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CellEvent.ControlSet.class, name = "control-set"),
  @JsonSubTypes.Type(value = CellEvent.ControlRemoved.class, name = "control-removed"),
  @JsonSubTypes.Type(value = CellEvent.LockReleased.class, name = "lock-released"),
  @JsonSubTypes.Type(value = CellEvent.CellCommandRejected.class, name = "cell-command-rejected"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface CellEvent {
  /** How the keys of these events begin on the events topic. */
  String KEY_PREFIX = "~";

  /** What it is about, e.g. {@code pause/pool/default}. */
  String subject();

  /** When the coordinator decided, by its wall clock; for people, never for arithmetic. */
  Instant at();

  Cause cause();

  /** From now on this holds. */
  record ControlSet(Instant at, Cause cause, Control control) implements CellEvent {
    public ControlSet {
      checked(at, cause);
      Require.present("control", control);
    }

    @Override
    public String subject() {
      return control.key();
    }
  }

  /** From now on this does not hold any more. */
  record ControlRemoved(Instant at, Cause cause, String control) implements CellEvent {
    public ControlRemoved {
      checked(at, cause);
      Require.present("control", control);
    }

    @Override
    public String subject() {
      return control;
    }
  }

  /**
   * An operator took a lock from a job, which is to end; until it has, it keeps the lock.
   *
   * @param holder the job
   */
  record LockReleased(Instant at, Cause cause, String lock, JobId holder) implements CellEvent {
    public LockReleased {
      checked(at, cause);
      Require.present("lock", lock);
      Require.present("holder", holder);
    }

    @Override
    public String subject() {
      return "lock/" + lock;
    }
  }

  /**
   * A command was refused; nothing changed.
   *
   * @param command type of the command, e.g. {@code release-lock}
   * @param code machine-readable, see docs/errors.md
   * @param request the command's correlation id
   */
  record CellCommandRejected(
      Instant at,
      Cause cause,
      String subject,
      String command,
      String code,
      String message,
      @Nullable String request)
      implements CellEvent {
    public CellCommandRejected {
      checked(at, cause);
      Require.present("subject", subject);
      Require.present("command", command);
      Require.present("code", code);
      Require.present("message", message);
    }
  }

  private static void checked(Instant at, Cause cause) {
    Require.present("at", at);
    Require.present("cause", cause);
  }
}
