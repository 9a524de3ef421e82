package dev.holdfast.worker.run;

import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order.Assigned;
import java.time.Instant;

/**
 * What {@code run.json} says: what was to be done here, and since when.
 *
 * @param assigned the order, word for word
 * @param executor how it is run: {@code process} or {@code container}
 * @param bootId of the machine when it was taken: processes and deadlines of another boot mean
 *     nothing
 * @param takenAt by the worker's wall clock, for people
 */
public record RunFacts(Assigned assigned, String executor, String bootId, Instant takenAt) {
  public static final String PROCESS = "process";
  public static final String CONTAINER = "container";

  public RunFacts {
    Require.present("assigned", assigned);
    Require.present("executor", executor);
    Require.present("bootId", bootId);
    Require.present("takenAt", takenAt);
  }

  public HeldAttempt attempt() {
    return new HeldAttempt(assigned.job(), assigned.token());
  }
}
