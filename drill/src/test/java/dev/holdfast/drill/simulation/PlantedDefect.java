package dev.holdfast.drill.simulation;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import dev.holdfast.worker.attempt.TrustWindow;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Mistakes that systems of this kind have made, each to be found by some seed. */
@SuppressWarnings("ImmutableEnumChecker") // the set is an immutable copy
enum PlantedDefect implements Conduct {
  /** The grant counts from when its worker read it, though it may have lain there for long. */
  GRANT_COUNTS_FROM_WHEN_READ(Invariant.NO_OVERLAP) {
    @Override
    public long grantCountsFromMs(long presenceSentAtMs, long assignmentReadAtMs) {
      return assignmentReadAtMs;
    }
  },

  /** A heartbeat counts from its acknowledgement, which a paused worker may hear late. */
  LEASE_COUNTS_FROM_ACK(Invariant.NO_OVERLAP) {
    @Override
    public TrustWindow beaten(TrustWindow window, long sentAtMs, long ackedAtMs) {
      return window.renewed(ackedAtMs);
    }
  },

  /** A worker whose lease has lapsed goes on beating, as if it still had it. */
  BEATS_AFTER_LAPSE(Invariant.NO_OVERLAP) {
    @Override
    public boolean mayBeat(TrustWindow window, long nowMs) {
      return true;
    }

    @Override
    public TrustWindow beaten(TrustWindow window, long sentAtMs, long ackedAtMs) {
      return window.renewed(sentAtMs);
    }
  },

  /** Nobody stops the process of a worker that has lost its lease. */
  SHIM_WITHOUT_LEASE(Invariant.NO_OVERLAP) {
    @Override
    public boolean shimsFreeze() {
      return false;
    }
  },

  /** A requeue looks at the token alone, not at whether the lease was renewed meanwhile. */
  REQUEUES_WHATEVER_THE_LEASE_SEQUENCE(Invariant.NO_OVERLAP, Invariant.NO_FALSE_REVOCATION) {
    @Override
    public CellInput decidedOn(CellInput input, Cell cell) {
      return input instanceof CellInput.OfCommand(JobCommand.RequeueStale stale)
              && cell.find(stale.job()).map(Job::standing).orElse(null) instanceof Job.Running run
          ? new CellInput.OfCommand(
              new JobCommand.RequeueStale(stale.job(), stale.token(), run.leaseSequence()))
          : input;
    }
  },

  /** Requeues whatever attempt is current by now: a sweep over a stale snapshot. */
  REQUEUES_WHATEVER_THE_TOKEN(
      Invariant.NO_OVERLAP, Invariant.NO_FALSE_REVOCATION, Invariant.ONE_ATTEMPT_AT_A_TIME) {
    @Override
    public CellInput decidedOn(CellInput input, Cell cell) {
      return input instanceof CellInput.OfCommand(JobCommand.RequeueStale stale)
              && cell.find(stale.job()).map(Job::standing).orElse(null) instanceof Job.Running run
          ? new CellInput.OfCommand(
              new JobCommand.RequeueStale(stale.job(), run.token(), run.leaseSequence()))
          : input;
    }
  },

  /** Whoever comes first with an outcome is believed, whether or not the job is still its own. */
  ACCEPTS_THE_OUTCOME_OF_ANY_TOKEN(Invariant.TRUE_OUTCOME) {
    @Override
    public CellInput decidedOn(CellInput input, Cell cell) {
      return input instanceof CellInput.OfReport(WorkerReport.Ended ended)
              && cell.find(ended.job()).map(Job::standing).orElse(null) instanceof Job.Running run
          ? new CellInput.OfReport(
              new WorkerReport.Ended(
                  run.worker(),
                  ended.job(),
                  run.token(),
                  ended.outcome(),
                  ended.output(),
                  ended.result()))
          : input;
    }
  },

  /** A tick carries all the time since the last one, through pauses of the monitor and outages. */
  TICKS_UNCAPPED(Invariant.NO_FALSE_REVOCATION, Invariant.NO_OVERLAP) {
    @Override
    public Ticks ticks(long incarnation, Duration interval) {
      return new Ticks() {
        private long lastNanos = -1;

        @Override
        public Optional<Tick> next(long nowNanos) {
          if (lastNanos >= 0 && nowNanos - lastNanos < interval.toNanos()) {
            return Optional.empty();
          }
          long elapsedNanos = lastNanos < 0 ? 0 : nowNanos - lastNanos;
          lastNanos = nowNanos;
          return Optional.of(new Tick(incarnation, Duration.ofNanos(elapsedNanos).toMillis()));
        }

        @Override
        public void returned(Tick tick, long nowNanos) {}
      };
    }

    @Override
    public Duration tickInterval(Duration interval) {
      return Duration.ofDays(1);
    }
  };

  private final Set<Invariant> breaks;

  PlantedDefect(Invariant... breaks) {
    EnumSet<Invariant> all = EnumSet.copyOf(List.of(breaks));
    if (all.contains(Invariant.NO_OVERLAP)) {
      // Whoever goes on without its lease goes on under its locks, too.
      all.add(Invariant.LOCK_EXCLUSION);
    }
    this.breaks = Set.copyOf(all);
  }

  /** Any of these is how it shows. */
  Set<Invariant> breaks() {
    return breaks;
  }
}
