/**
 * Who is late, who is stale: one partition of the lease ledger, folded on the log's own clock.
 *
 * <p>Pure. Everything here is decided from ledger entries in the order of the log; only {@link
 * dev.holdfast.monitor.liveness.Ticker}, which makes ticks, is told a monotonic time.
 *
 * <pre>
 *   Ticker --Tick--> heartbeats partition --Opened, Heartbeat, tombstone, Tick--> LeaseWatch
 *                                                                                    |
 *                            coordinator  &lt;--FlagLate, FlagStale, RequeueStale, FlagOnTime
 * </pre>
 *
 * <p>Authority: none over jobs. The watch proposes; the coordinator compares token and lease
 * sequence and may refuse, so a proposal may be lost, late or made twice without harm.
 *
 * <p>Invariants
 *
 * <ul>
 *   <li>The clock never runs faster than the monotonic time of the monitor that ticks, and stands
 *       still while the log cannot be written or read.
 *   <li>Each open lease has exactly one entry in the deadline index, at {@code lease.dueMs()},
 *       which is never later than the lease's next deadline. Beats do not move it.
 *   <li>Index and counts are derived from the leases, so they cannot disagree with them after a
 *       restart.
 * </ul>
 */
@NullMarked
package dev.holdfast.monitor.liveness;

import org.jspecify.annotations.NullMarked;
