package dev.holdfast.worker.report;

import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord.Heartbeat;
import java.util.concurrent.CompletableFuture;

/**
 * The way of heartbeats to the lease ledger. Must not hold its caller, however long the log is
 * away.
 */
public interface Beats {
  CompletableFuture<Void> send(JobId job, Heartbeat heartbeat);
}
