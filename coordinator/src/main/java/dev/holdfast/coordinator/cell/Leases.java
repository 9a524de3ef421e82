package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.worker.WorkerId;
import java.util.Objects;

/** Entries of the lease ledger that the coordinator writes. */
final class Leases {
  private Leases() {}

  static Effect open(Job job, Token token, long leaseSequence, WorkerId worker) {
    return new Effect.OpenLease(
        job.id(),
        new LeaseRecord.Opened(
            token, leaseSequence, worker, Objects.requireNonNull(job.spec().liveness())));
  }
}
