package dev.holdfast.monitor.liveness;

/** How far the watch has gone with a lease that gives no sign of life. */
public enum Stage {
  /** Silent for less than half of stale-after. */
  ON_TIME,
  /** Silent for half of stale-after or more; flagged late. */
  LATE,
  /**
   * Silent for stale-after or more; flagged stale, requeue held back because too many were silent.
   */
  HELD,
  /** Silent for stale-after or more; flagged stale, requeue proposed. */
  PROPOSED
}
