package dev.holdfast.monitor.liveness;

import dev.holdfast.schemas.worker.WorkerId;
import java.util.Set;
import java.util.TreeSet;

/**
 * So many leases of one partition are silent that their workers' way to the log is the likelier
 * cause than their deaths. Their requeues wait for one heartbeat interval, in case they come back.
 *
 * @param silent leases without a sign of life for half of stale-after, no requeue proposed yet
 * @param open leases of the partition
 * @param held leases whose requeue is held back from now on
 * @param workers that hold those
 */
public record MassSilence(int silent, int open, int held, Set<WorkerId> workers) {
  public MassSilence {
    workers = Set.copyOf(workers);
  }

  /** So few may fall silent together without a common cause. */
  private static final int NEVER_MASS = 3;

  /** More than three leases, and more than 30 % of those open. */
  static boolean is(int silent, int open) {
    return silent > NEVER_MASS && silent * 10L > open * 3L;
  }

  @Override
  public String toString() {
    return silent
        + " of "
        + open
        + " open leases are silent; holding back "
        + held
        + " requeues for one heartbeat interval; silent workers: "
        + new TreeSet<>(workers);
  }
}
