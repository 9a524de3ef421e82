package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.worker.report.Reports;
import java.time.Duration;

/**
 * Tells the coordinator what an attempt came to, once every heartbeat interval until it answers;
 * sooner if the last try is known to have failed.
 */
final class Reporting {
  private static final int TRIES_PER_INTERVAL = 6;
  private static final long LONGEST_PAUSE_MS = 1000;

  private final Reports reports;
  private final Duration interval;
  private volatile long dueNs = System.nanoTime();

  Reporting(Reports reports, Duration interval) {
    this.reports = reports;
    this.interval = interval;
  }

  /** Reports if that is due; answers how many milliseconds to wait before asking again. */
  long report(WorkerReport conclusion) {
    long nowNs = System.nanoTime();
    if (nowNs - dueNs >= 0) {
      dueNs = nowNs + interval.toNanos();
      reports
          .send(conclusion)
          .whenComplete((done, failure) -> {
            if (failure != null) {
              dueNs = System.nanoTime() + interval.toNanos() / TRIES_PER_INTERVAL;
            }
          });
    }
    return Math.clamp((dueNs - nowNs) / 1_000_000, 1, LONGEST_PAUSE_MS);
  }
}
