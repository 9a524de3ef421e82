package dev.holdfast.schemas.job;

/** Where a job is in its life. A terminal state is never left. */
public enum JobState {
  /** Handed to Kafka, not yet decided on by the coordinator; seen only in the gateway's answers. */
  SUBMITTED(false),
  /** Accepted, not ready yet: waits for an instant or for locks. */
  WAITING(false),
  /** In the ready queue, waiting for a free slot. */
  QUEUED(false),
  /** An attempt holds the job's lease; phase and health say more. */
  RUNNING(false),
  /** Ended with exit code 0. */
  SUCCEEDED(true),
  /** Ended otherwise, or could not be started, or was lost too often. */
  FAILED(true),
  /** Ended on request. */
  CANCELLED(true),
  /** Ended because a time limit of its spec ran out. */
  TIMED_OUT(true);

  private final boolean terminal;

  JobState(boolean terminal) {
    this.terminal = terminal;
  }

  public boolean terminal() {
    return terminal;
  }
}
