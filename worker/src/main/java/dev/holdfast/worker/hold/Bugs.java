package dev.holdfast.worker.hold;

import dev.holdfast.worker.attempt.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often in a row the same step of an attempt met a bug. The world heals, so a step that it
 * failed is begun anew for as long as it takes; a bug does not, and a job that it holds up would
 * never end. After a few tries the step does without what it cannot do:
 *
 * <ul>
 *   <li>A command that cannot be started is reported lost, not failed. The job is not to blame and
 *       spends none of its own retries; another worker, of another version perhaps, may manage; and
 *       a bug that is everywhere is bounded by the limit of lost attempts, whose end is FAILED with
 *       this evidence.
 *   <li>A command that has ended keeps its true outcome, and goes without its results; its
 *       workspace is shelved. To report it lost would run it once more, so that is the last resort.
 *   <li>A lost attempt is reported without the last of its work, which is shelved too.
 * </ul>
 *
 * <p>Written by the thread of a step before it is done, read by the thread of the attempt after.
 */
final class Bugs {
  private static final int MOST_TRIES = 3;

  private @Nullable Action action;
  private int tries;
  private String newest = "";

  /** A step has failed. */
  void failed(Action step, Throwable failure) {
    if (failure instanceof IOException
        || failure instanceof UncheckedIOException
        || failure instanceof InterruptedException) {
      return;
    }
    tries = step.equals(action) ? tries + 1 : 1;
    action = step;
    newest = failure.toString();
  }

  /** Why this step must do with less; empty if it may try again as it is. */
  Optional<String> evidence(Action step) {
    return tries(step) < MOST_TRIES
        ? Optional.empty()
        : Optional.of(
            "the worker met a bug, %d times in a row, and its log has the rest: %s"
                .formatted(tries, newest));
  }

  /** Whether doing with less has met bugs as often. */
  boolean hopeless(Action step) {
    return tries(step) >= 2 * MOST_TRIES;
  }

  private int tries(Action step) {
    return step.equals(action) ? tries : 0;
  }
}
