package dev.holdfast.monitor.stream;

import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;

/** What a record of the lease ledger says. */
sealed interface LedgerEntry {
  record Opened(JobId job, LeaseRecord.Opened lease) implements LedgerEntry {}

  record Beat(JobId job, LeaseRecord.Heartbeat heartbeat) implements LedgerEntry {}

  record Closed(JobId job) implements LedgerEntry {}

  record Ticked(LeaseRecord.Tick tick) implements LedgerEntry {}
}
