package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord.Heartbeat;
import dev.holdfast.schemas.lease.LeaseRecord.Opened;
import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Ledger entries as the tests of this module write them; the cell ticks every five seconds. */
public final class LeaseFixtures {
  public static final Duration TICK = Duration.ofSeconds(5);

  private LeaseFixtures() {}

  public static JobId job(int number) {
    return new JobId("job-" + number);
  }

  public static Opened opened(long token, long leaseSequence) {
    return opened(token, leaseSequence, Liveness.DEFAULT);
  }

  public static Opened opened(long token, long leaseSequence, Liveness liveness) {
    return new Opened(new Token(token), leaseSequence, new WorkerId("w-" + token), liveness);
  }

  public static Heartbeat heartbeat(long token) {
    return new Heartbeat(
        new Token(token), new WorkerId("w-" + token), Phase.RUNNING, Liveness.DEFAULT);
  }

  /** Ticks of one incarnation up to a time; the first, carrying zero, has been read before. */
  static List<Findings> tickFor(LeaseWatch watch, Duration time) {
    var findings = new ArrayList<Findings>();
    for (long ms = 0; ms < time.toMillis(); ms += TICK.toMillis()) {
      findings.add(
          watch.ticked(
              new Tick(
                  watch.clock().incarnation(), Math.min(TICK.toMillis(), time.toMillis() - ms))));
    }
    return findings;
  }
}
