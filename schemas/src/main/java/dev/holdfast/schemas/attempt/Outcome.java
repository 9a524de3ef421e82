package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.job.JobState;

/** How a job ended. An attempt whose end cannot be known has no outcome: it is lost. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Outcome.Exited.class, name = "exited"),
  @JsonSubTypes.Type(value = Outcome.Signalled.class, name = "signalled"),
  @JsonSubTypes.Type(value = Outcome.TimedOut.class, name = "timed-out"),
  @JsonSubTypes.Type(value = Outcome.Cancelled.class, name = "cancelled"),
  @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
})
public sealed interface Outcome {
  /** The terminal state that this outcome means. */
  JobState state();

  /** A sentence for people. */
  String describe();

  /** The command left with this code; a handler that returned counts as 0. */
  record Exited(int code) implements Outcome {
    @Override
    public JobState state() {
      return code == 0 ? JobState.SUCCEEDED : JobState.FAILED;
    }

    @Override
    public String describe() {
      return "exited with code " + code;
    }
  }

  /** The command was ended by a signal that Holdfast did not send. */
  record Signalled(int signal) implements Outcome {
    @Override
    public JobState state() {
      return JobState.FAILED;
    }

    @Override
    public String describe() {
      return "killed by signal " + signal;
    }
  }

  /**
   * A time limit ran out, and the whole process tree was ended.
   *
   * @param limit name of the limit in the spec, e.g. {@code run}
   */
  record TimedOut(String limit) implements Outcome {
    public TimedOut {
      Require.present("limit", limit);
    }

    @Override
    public JobState state() {
      return JobState.TIMED_OUT;
    }

    @Override
    public String describe() {
      return "its " + limit + " timeout ran out";
    }
  }

  /**
   * Ended on request.
   *
   * @param killed processes that had to be killed because they did not leave when asked
   */
  record Cancelled(int killed) implements Outcome {
    @Override
    public JobState state() {
      return JobState.CANCELLED;
    }

    @Override
    public String describe() {
      return killed == 0 ? "cancelled" : "cancelled; " + killed + " processes had to be killed";
    }
  }

  /**
   * Could not be run, or not to an end.
   *
   * @param code machine-readable, see docs/errors.md
   * @param message what was expected, what was found, what to do next; cut at 4,000 characters
   */
  record Failed(String code, String message) implements Outcome {
    private static final int MOST_CHARACTERS = 4000;

    public Failed {
      Require.present("code", code);
      message = Require.present("message", message);
      message = message.substring(0, Math.min(message.length(), MOST_CHARACTERS));
    }

    @Override
    public JobState state() {
      return JobState.FAILED;
    }

    @Override
    public String describe() {
      return message;
    }
  }
}
