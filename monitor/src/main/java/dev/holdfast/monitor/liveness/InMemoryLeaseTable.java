package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.job.JobId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** For tests and simulations: remembers as long as it lives. */
public final class InMemoryLeaseTable implements LeaseTable {
  private final Map<JobId, Lease> leases = new HashMap<>();
  private LogClock clock = LogClock.START;

  @Override
  public LogClock clock() {
    return clock;
  }

  @Override
  public void keep(LogClock next) {
    clock = next;
  }

  @Override
  public @Nullable Lease find(JobId job) {
    return leases.get(job);
  }

  @Override
  public void put(JobId job, Lease lease) {
    leases.put(job, lease);
  }

  @Override
  public void remove(JobId job) {
    leases.remove(job);
  }

  @Override
  public void each(BiConsumer<JobId, Lease> reader) {
    leases.forEach(reader);
  }
}
