package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.job.JobId;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the watch of one partition remembers across restarts. What it reads is what it last wrote;
 * whether that lasts is the adapter's affair.
 */
public interface LeaseTable {
  /** The clock as last kept; {@link LogClock#START} at first. */
  LogClock clock();

  void keep(LogClock clock);

  @Nullable Lease find(JobId job);

  void put(JobId job, Lease lease);

  /** Forgets a lease; nothing happens if there is none. */
  void remove(JobId job);

  /** Shows every lease, in no particular order. The table is not to be changed meanwhile. */
  void each(BiConsumer<JobId, Lease> reader);
}
