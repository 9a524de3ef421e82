package dev.holdfast.monitor.stream;

import dev.holdfast.monitor.liveness.Lease;
import dev.holdfast.monitor.liveness.LeaseTable;
import dev.holdfast.monitor.liveness.LogClock;
import dev.holdfast.schemas.codec.JsonSerde;
import dev.holdfast.schemas.job.JobId;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The table in a task's stores: it lasts as long as their changelogs. Owned by the stream thread.
 */
final class StoreLeaseTable implements LeaseTable {
  private static final JsonSerde<Lease> LEASE = JsonSerde.lenient(Lease.class);
  private static final JsonSerde<LogClock> CLOCK = JsonSerde.lenient(LogClock.class);
  private static final String CLOCK_KEY = "clock";

  private final KeyValueStore<String, byte[]> leases;
  private final KeyValueStore<String, byte[]> clocks;
  private LogClock clock;

  StoreLeaseTable(KeyValueStore<String, byte[]> leases, KeyValueStore<String, byte[]> clocks) {
    this.leases = leases;
    this.clocks = clocks;
    byte[] kept = clocks.get(CLOCK_KEY);
    this.clock = kept == null ? LogClock.START : CLOCK.read(kept);
  }

  @Override
  public LogClock clock() {
    return clock;
  }

  @Override
  public void keep(LogClock next) {
    clocks.put(CLOCK_KEY, CLOCK.write(next));
    clock = next;
  }

  @Override
  public @Nullable Lease find(JobId job) {
    byte[] kept = leases.get(job.value());
    return kept == null ? null : LEASE.read(kept);
  }

  @Override
  public void put(JobId job, Lease lease) {
    leases.put(job.value(), LEASE.write(lease));
  }

  @Override
  public void remove(JobId job) {
    leases.delete(job.value());
  }

  @Override
  public void each(BiConsumer<JobId, Lease> reader) {
    try (var all = leases.all()) {
      all.forEachRemaining(kept -> reader.accept(new JobId(kept.key), LEASE.read(kept.value)));
    }
  }
}
