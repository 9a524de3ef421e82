package dev.holdfast.worker.report;

import dev.holdfast.schemas.attempt.WorkerReport;
import java.util.concurrent.CompletableFuture;

/** The way of reports to the coordinator. */
public interface Reports {
  CompletableFuture<Void> send(WorkerReport report);
}
