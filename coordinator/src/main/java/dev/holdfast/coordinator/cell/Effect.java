package dev.holdfast.coordinator.cell;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;

/**
 * What a decision causes outside the cell; the shell performs it, its result returns as a report.
 */
public sealed interface Effect {
  record SendOrder(Order order) implements Effect {}

  record OpenLease(JobId job, LeaseRecord.Opened lease) implements Effect {}

  /** A tombstone on the lease ledger. */
  record CloseLease(JobId job) implements Effect {}
}
