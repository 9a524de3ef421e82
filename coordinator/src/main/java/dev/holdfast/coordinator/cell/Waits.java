package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.Job.Waiting;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.WaitReason;
import java.util.Optional;

/** Ends waits: for an instant, and for locks. */
final class Waits {
  /** What is due beyond these has its turn with the next input: a transaction has an end. */
  private static final int MOST_AT_ONCE = 500;

  private static final String COORDINATOR = "coordinator";

  private Waits() {}

  /** Ends the waits whose instant has come. */
  static void end(Turn turn) {
    for (Control.Pause pause : turn.cell().controls().over(turn.now())) {
      turn.emit(
          new CellEvent.ControlRemoved(
              turn.now(), new Cause(COORDINATOR, "its time is over"), pause.key()));
    }
    for (JobId id : turn.cell().timers().due(turn.now(), MOST_AT_ONCE)) {
      Job job = turn.cell().find(id).orElseThrow();
      String why =
          job.standing() instanceof Waiting waiting && waiting.what() == WaitReason.BACKOFF
              ? "the wait before the next attempt is over"
              : "its earliest start has come";
      turn.emit(new JobEvent.Readied(id, turn.now(), new Cause(COORDINATOR, why)));
    }
  }

  /** Grants locks to all who can have theirs. */
  static void grantLocks(Turn turn) {
    Optional<Job> next = turn.cell().nextToLock();
    while (next.isPresent()) {
      Job job = next.get();
      turn.emit(
          new JobEvent.Locked(job.id(), turn.now(), Cause.by(COORDINATOR), job.spec().allLocks()));
      next = turn.cell().nextToLock();
    }
  }
}
