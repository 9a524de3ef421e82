package dev.holdfast.worker.hold;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What a worker counts. */
public final class WorkerMetrics {
  private final Counter taken;
  private final Counter released;
  private final Counter adopted;
  private final Counter survivors;
  private final Counter orphans;
  private final Counter damaged;
  private final Counter deadLetters;

  public WorkerMetrics(MeterRegistry registry) {
    this.taken = registry.counter("holdfast.worker.attempts.taken");
    this.released = registry.counter("holdfast.worker.attempts.released");
    this.adopted = registry.counter("holdfast.worker.attempts.adopted");
    this.survivors = registry.counter("holdfast.worker.processes.surviving");
    this.orphans = registry.counter("holdfast.worker.attempts.orphaned");
    this.damaged = registry.counter("holdfast.worker.directories.damaged");
    this.deadLetters = registry.counter("holdfast.worker.orders.dead");
  }

  void taken() {
    taken.increment();
  }

  void released() {
    released.increment();
  }

  void adopted() {
    adopted.increment();
  }

  /** Processes that even KILL did not end. */
  void survived(long processes) {
    survivors.increment(processes);
  }

  void orphan() {
    orphans.increment();
  }

  void damaged() {
    damaged.increment();
  }

  /** An order that could not be read. */
  public void deadLetter() {
    deadLetters.increment();
  }
}
