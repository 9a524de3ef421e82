package dev.holdfast.worker.report;

import dev.holdfast.schemas.attempt.WorkerReport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Sends a report again and again until it is safe, or until nobody wants it any more. */
public final class Courier {
  private final Reports reports;
  private final Executor afterPause;

  /**
   * Made once per worker.
   *
   * @param pause between two tries
   */
  public Courier(Reports reports, Duration pause) {
    this.reports = reports;
    this.afterPause =
        CompletableFuture.delayedExecutor(
            pause.toNanos(), TimeUnit.NANOSECONDS, Thread::startVirtualThread);
  }

  /**
   * Delivers.
   *
   * @return completes once the report is safe, or is not wanted any more
   */
  public CompletableFuture<Void> deliver(WorkerReport report, BooleanSupplier wanted) {
    if (!wanted.getAsBoolean()) {
      return CompletableFuture.completedFuture(null);
    }
    return reports
        .send(report)
        .exceptionallyComposeAsync(failure -> deliver(report, wanted), afterPause);
  }
}
