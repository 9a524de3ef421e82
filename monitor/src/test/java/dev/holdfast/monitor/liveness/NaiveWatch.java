package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the watch written down as plainly as they go: every tick scans every lease and asks
 * how old it is. No index, no stages, no counts. What the real watch proposes is compared with
 * this.
 */
final class NaiveWatch {
  private static final class Open {
    final LeaseRecord.Opened terms;
    long lastBeatMs;
    boolean flaggedLate;
    boolean flaggedStale;
    @Nullable Long heldUntilMs;
    @Nullable Long proposedAtMs;

    Open(LeaseRecord.Opened terms, long lastBeatMs) {
      this.terms = terms;
      this.lastBeatMs = lastBeatMs;
    }
  }

  private final Map<JobId, Open> leases = new TreeMap<>();
  private final long mostPerTickMs;
  private long incarnation = 0;
  private long nowMs = 0;

  NaiveWatch(long mostPerTickMs) {
    this.mostPerTickMs = mostPerTickMs;
  }

  void opened(JobId job, LeaseRecord.Opened opened) {
    Open known = leases.get(job);
    if (known != null) {
      long newerToken = opened.token().value() - known.terms.token().value();
      long newerSequence = opened.leaseSequence() - known.terms.leaseSequence();
      if (newerToken < 0 || (newerToken == 0 && newerSequence <= 0)) {
        return;
      }
    }
    leases.put(job, new Open(opened, nowMs));
  }

  Optional<JobCommand> beat(JobId job, LeaseRecord.Heartbeat heartbeat) {
    Open lease = leases.get(job);
    if (lease == null || lease.terms.token().value() < heartbeat.token().value()) {
      leases.put(
          job,
          new Open(
              new LeaseRecord.Opened(
                  heartbeat.token(), 0, heartbeat.worker(), heartbeat.liveness()),
              nowMs));
      return Optional.empty();
    }
    if (!lease.terms.token().equals(heartbeat.token())) {
      return Optional.empty();
    }
    boolean flagged = lease.flaggedLate || lease.flaggedStale;
    leases.put(job, new Open(lease.terms, nowMs));
    return flagged
        ? Optional.of(
            new JobCommand.FlagOnTime(job, lease.terms.token(), lease.terms.leaseSequence()))
        : Optional.empty();
  }

  void closed(JobId job) {
    leases.remove(job);
  }

  /** Proposals in no particular order. */
  List<JobCommand> ticked(LeaseRecord.Tick tick) {
    var proposals = new ArrayList<JobCommand>();
    if (tick.incarnation() < incarnation) {
      return proposals;
    }
    if (tick.incarnation() == incarnation) {
      nowMs += Math.min(tick.elapsedMs(), mostPerTickMs);
    }
    incarnation = tick.incarnation();
    long silent =
        leases.values().stream()
            .filter(lease -> lease.proposedAtMs == null && age(lease) >= staleAfterMs(lease) / 2)
            .count();
    boolean mass = silent > 3 && silent > 0.3 * leases.size();
    leases.forEach((job, lease) -> scan(job, lease, mass, proposals));
    return proposals;
  }

  int open() {
    return leases.size();
  }

  private void scan(JobId job, Open lease, boolean mass, List<JobCommand> proposals) {
    var token = lease.terms.token();
    long sequence = lease.terms.leaseSequence();
    if (age(lease) < staleAfterMs(lease)) {
      if (age(lease) >= staleAfterMs(lease) / 2 && !lease.flaggedLate) {
        lease.flaggedLate = true;
        proposals.add(new JobCommand.FlagLate(job, token, sequence));
      }
      return;
    }
    if (!lease.flaggedStale) {
      lease.flaggedStale = true;
      proposals.add(new JobCommand.FlagStale(job, token, sequence));
      if (mass) {
        lease.heldUntilMs = nowMs + lease.terms.liveness().heartbeat().toMillis();
      }
    }
    boolean held = lease.heldUntilMs != null && nowMs < lease.heldUntilMs;
    boolean due =
        lease.proposedAtMs == null || nowMs >= lease.proposedAtMs + staleAfterMs(lease) / 4;
    if (!held && due) {
      lease.proposedAtMs = nowMs;
      proposals.add(new JobCommand.RequeueStale(job, token, sequence));
    }
  }

  private long age(Open lease) {
    return nowMs - lease.lastBeatMs;
  }

  private static long staleAfterMs(Open lease) {
    return lease.terms.liveness().staleAfter().toMillis();
  }
}
