package dev.holdfast.monitor.stream;

import dev.holdfast.monitor.liveness.Findings;
import dev.holdfast.monitor.liveness.LeaseWatch;
import dev.holdfast.monitor.liveness.Ticker;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.lease.LeaseRecord;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.Record;

/** Feeds one partition's records to its watch and passes on what it finds. */
final class PartitionWatch {
  private final Outlet outlet;
  private final int partition;
  private final LedgerDecoder decoder;
  private final LeaseWatch watch;
  private final Ticker ticker;
  private final LongSupplier nanos;

  PartitionWatch(
      Outlet outlet, int partition, LeaseWatch watch, Ticker ticker, LongSupplier nanos) {
    this.outlet = outlet;
    this.partition = partition;
    this.decoder = new LedgerDecoder(partition);
    this.watch = watch;
    this.ticker = ticker;
    this.nanos = nanos;
  }

  int partition() {
    return partition;
  }

  void read(Record<String, byte[]> record) {
    LedgerEntry entry;
    try {
      entry = decoder.decode(record.key(), record.value());
    } catch (InvalidField e) {
      outlet.deadLetter(record, e.describe());
      return;
    }
    switch (entry) {
      case LedgerEntry.Opened(var job, var lease) -> watch.opened(job, lease);
      case LedgerEntry.Beat(var job, var heartbeat) ->
          watch.beat(job, heartbeat).ifPresent(outlet::propose);
      case LedgerEntry.Closed(var job) -> watch.closed(job);
      case LedgerEntry.Ticked(var tick) -> ticked(tick);
    }
  }

  /** Writes a tick if one is due. */
  void tick() {
    ticker.next(nanos.getAsLong()).ifPresent(tick -> outlet.tick(partition, tick));
  }

  private void ticked(LeaseRecord.Tick tick) {
    long now = nanos.getAsLong();
    ticker.returned(tick, now);
    Findings findings = watch.ticked(tick);
    findings.proposals().forEach(outlet::propose);
    outlet.ticked(partition, watch, findings.alert(), now);
  }
}
