package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.lease.LeaseRecord;
import org.jspecify.annotations.Nullable;

/** A record of the lease ledger; without a value it is a tombstone. */
record LedgerEntry(String key, @Nullable LeaseRecord value) {}
