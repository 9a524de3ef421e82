package dev.holdfast.monitor.stream;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ledger of one partition. Keys count: they decide the partition and what is compacted.
 */
final class LedgerDecoder {
  private final String tickKey;

  LedgerDecoder(int partition) {
    this.tickKey = LeaseRecord.tickKey(partition);
  }

  /**
   * Reads one record.
   *
   * @throws InvalidField if it does not parse, breaks its schema, or its key is not what its value
   *     asks for
   */
  LedgerEntry decode(@Nullable String key, byte @Nullable [] value) {
    if (key == null) {
      throw new InvalidField("", "the record must have a key: a job's id or " + tickKey);
    }
    if (value == null) {
      return new LedgerEntry.Closed(new JobId(key));
    }
    return switch (Serdes.LEASE.read(value)) {
      case LeaseRecord.Opened opened -> new LedgerEntry.Opened(new JobId(key), opened);
      case LeaseRecord.Heartbeat heartbeat -> new LedgerEntry.Beat(new JobId(key), heartbeat);
      case LeaseRecord.Tick tick -> {
        if (!key.equals(tickKey)) {
          throw new InvalidField("", "the key of a tick must be " + tickKey + ", not " + key);
        }
        yield new LedgerEntry.Ticked(tick);
      }
    };
  }
}
