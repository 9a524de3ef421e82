package dev.holdfast.worker.hold;

import dev.holdfast.worker.attempt.Action;
import dev.holdfast.worker.attempt.Reconciliation;
import dev.holdfast.worker.attempt.Sighting;
import dev.holdfast.worker.attempt.Standing;
import java.util.concurrent.CompletableFuture;

/**
 * Something that takes long, on a thread of its own. It is asked to give up, never interrupted: an
 * interrupt at the wrong instant could start a job that nobody knows of.
 */
final class Step {
  private final Action action;
  private final Sighting begunAt;
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private volatile boolean givenUp;
  private volatile boolean done;

  Step(Action action, Sighting begunAt) {
    this.action = action;
    this.begunAt = begunAt;
  }

  /** The work of a step; what it throws is logged, and the step is begun anew after a while. */
  interface Work {
    void run(Step step) throws Exception;
  }

  void begin(
      String name, Work work, java.util.function.Consumer<Throwable> onFailure, Runnable after) {
    Thread.ofVirtual()
        .name(name)
        .start(() -> {
          try {
            work.run(this);
          } catch (Throwable e) {
            onFailure.accept(e);
          } finally {
            done = true;
            after.run();
            over.complete(null);
          }
        });
  }

  boolean done() {
    return done;
  }

  /** Completes once its thread does nothing any more. */
  CompletableFuture<Void> over() {
    return over;
  }

  /** Whether it would still be begun, were it to begin now. */
  boolean wantedUnder(Standing standing) {
    return Reconciliation.decide(standing, begunAt).equals(action);
  }

  void giveUp() {
    givenUp = true;
  }

  boolean givenUp() {
    return givenUp;
  }
}
