package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches the leases of one partition of the ledger. It is handed the entries in the order of the
 * log; ticks move its clock, and only ticks make it look at who has been silent for too long.
 *
 * <p>A proposal may be lost or refused. While a lease stays open and silent its requeue is
 * therefore proposed again every quarter of stale-after.
 *
 * <p>Jobs that lose their way to the log together last beat at times up to a heartbeat interval
 * apart, so the mass rule does not count who fell stale in the same tick: when one does, it counts
 * all that have been silent for half of stale-after.
 *
 * <p>Owned by the stream thread of its partition.
 */
public final class LeaseWatch {
  /** So that many deadlines at once cannot hold up the stream thread; the rest wait for a tick. */
  static final int MOST_DUE_PER_TICK = 20_000;

  /** What one tick gathers. */
  private static final class Round {
    final List<JobCommand> proposals = new ArrayList<>();
    final List<JobId> fallen = new ArrayList<>();
    final List<JobId> requeues = new ArrayList<>();
  }

  private final LeaseTable table;
  private final Duration mostPerTick;
  private final DeadlineIndex index = new DeadlineIndex();
  private final StageCounts counts = new StageCounts();

  /**
   * Goes on from where the table stands.
   *
   * @param tick interval of the cell's ticks
   */
  public LeaseWatch(LeaseTable table, Duration tick) {
    this.table = table;
    this.mostPerTick = Ticker.most(tick);
    table.each((job, lease) -> {
      index.add(job, lease);
      counts.entered(lease.stage());
    });
  }

  /** A lease was granted or renewed. What is not newer than the lease known is a repetition. */
  public void opened(JobId job, LeaseRecord.Opened opened) {
    Lease known = table.find(job);
    if (known == null || known.isOlderThan(opened)) {
      replace(job, known, Lease.opened(opened, nowMs()));
    }
  }

  /**
   * A sign of life; ignored under an older token than the open lease's. Under one that was never
   * opened here it opens the lease: the record that did may have been compacted away while nobody
   * watched.
   *
   * @return the flag to take away, if there was one
   */
  public Optional<JobCommand> beat(JobId job, LeaseRecord.Heartbeat heartbeat) {
    Lease lease = table.find(job);
    if (lease == null || lease.token().compareTo(heartbeat.token()) < 0) {
      opened(job, Lease.openingSeenIn(heartbeat));
      return Optional.empty();
    }
    if (!lease.token().equals(heartbeat.token())) {
      return Optional.empty();
    }
    replace(job, lease, lease.beaten(nowMs()));
    return lease.stage() == Stage.ON_TIME
        ? Optional.empty()
        : Optional.of(new JobCommand.FlagOnTime(job, lease.token(), lease.leaseSequence()));
  }

  /** The coordinator closed the lease. */
  public void closed(JobId job) {
    Lease lease = table.find(job);
    if (lease != null) {
      table.remove(job);
      index.remove(job, lease);
      counts.left(lease.stage());
    }
  }

  /** The clock moves; whoever is due now is judged. */
  public Findings ticked(LeaseRecord.Tick tick) {
    LogClock clock = table.clock();
    if (!clock.accepts(tick)) {
      return Findings.NONE;
    }
    table.keep(clock.after(tick, mostPerTick));
    var round = new Round();
    for (JobId job : index.due(nowMs(), MOST_DUE_PER_TICK)) {
      judge(job, round);
    }
    Optional<MassSilence> alert = massSilence(round);
    round.requeues.forEach(job -> propose(job, round));
    return new Findings(round.proposals, alert);
  }

  /** Where the partition's clock stands. */
  public LogClock clock() {
    return table.clock();
  }

  public int open() {
    return counts.open();
  }

  public int count(Stage stage) {
    return counts.of(stage);
  }

  /**
   * Requeues wait until all that is due has been seen: only then is it known how many are silent.
   */
  private void judge(JobId job, Round round) {
    Lease lease = known(job);
    switch (lease.stage()) {
      case HELD, PROPOSED -> round.requeues.add(job);
      case ON_TIME, LATE -> {
        if (nowMs() >= lease.staleAtMs()) {
          round.proposals.add(new JobCommand.FlagStale(job, lease.token(), lease.leaseSequence()));
          long heldUntilMs = nowMs() + lease.liveness().heartbeat().toMillis();
          replace(job, lease, lease.at(Stage.HELD, heldUntilMs));
          round.fallen.add(job);
        } else if (nowMs() >= lease.lateAtMs()) {
          round.proposals.add(new JobCommand.FlagLate(job, lease.token(), lease.leaseSequence()));
          replace(job, lease, lease.at(Stage.LATE, lease.staleAtMs()));
        } else {
          replace(job, lease, lease.at(Stage.ON_TIME, lease.lateAtMs()));
        }
      }
    }
  }

  /**
   * What fell stale stays held if too many are silent to believe in their deaths; else it goes on.
   */
  private Optional<MassSilence> massSilence(Round round) {
    int silent = counts.of(Stage.LATE) + counts.of(Stage.HELD);
    if (round.fallen.isEmpty() || !MassSilence.is(silent, open())) {
      round.requeues.addAll(round.fallen);
      return Optional.empty();
    }
    var workers = new HashSet<WorkerId>();
    round.fallen.forEach(job -> workers.add(known(job).worker()));
    return Optional.of(new MassSilence(silent, open(), round.fallen.size(), workers));
  }

  private void propose(JobId job, Round round) {
    Lease lease = known(job);
    round.proposals.add(new JobCommand.RequeueStale(job, lease.token(), lease.leaseSequence()));
    long againMs = nowMs() + lease.liveness().staleAfter().dividedBy(4).toMillis();
    replace(job, lease, lease.at(Stage.PROPOSED, againMs));
  }

  private Lease known(JobId job) {
    Lease lease = table.find(job);
    if (lease == null) {
      throw new IllegalStateException(
          "expected an open lease of job " + job + ", which has a deadline; found none");
    }
    return lease;
  }

  /** The one place where leases change, so that index and counts follow them. */
  private void replace(JobId job, @Nullable Lease before, Lease after) {
    table.put(job, after);
    if (before == null) {
      index.add(job, after);
      counts.entered(after.stage());
      return;
    }
    if (before.dueMs() != after.dueMs()) {
      index.remove(job, before);
      index.add(job, after);
    }
    if (before.stage() != after.stage()) {
      counts.left(before.stage());
      counts.entered(after.stage());
    }
  }

  private long nowMs() {
    return table.clock().elapsedMs();
  }
}
