package dev.holdfast.worker.workspace;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** What went wrong with git and was put right again. */
public final class GitMetrics {

  private static final String PREFIX = "holdfast.worker.git.";

  private final MeterRegistry registry;
  private final Counter staleLocks;
  private final Counter repaired;
  private final Counter recloned;

  public GitMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.staleLocks = registry.counter(PREFIX + "locks.removed");
    this.repaired = registry.counter(PREFIX + "mirrors.repaired");
    this.recloned = registry.counter(PREFIX + "mirrors.recloned");
  }

  /** Counts for nobody. */
  static GitMetrics unseen() {
    return new GitMetrics(new SimpleMeterRegistry());
  }

  /** A record of an operation was found whose process is gone. */
  void cut(Journal.Cut found) {
    registry.counter(PREFIX + "operations.cut", "operation", found.operation().word()).increment();
  }

  void staleLocks(int count) {
    staleLocks.increment(count);
  }

  /** A mirror lacked something and was mended in place. */
  void repaired() {
    repaired.increment();
  }

  /** A mirror was beyond repair and was cloned anew. */
  void recloned() {
    recloned.increment();
  }
}
