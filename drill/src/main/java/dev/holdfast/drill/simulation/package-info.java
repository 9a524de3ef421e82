/**
 * A whole cell on one virtual clock, from one seed, in one thread.
 *
 * <p>What decides is real: the coordinator's {@code CellMachine} and {@code Evolution}, the
 * monitor's {@code LeaseWatch} and {@code Ticker}, the worker's {@code TrustWindow}, {@code
 * Cadence}, {@code Standing} and {@code Reconciliation}. What surrounds it is a model that is as
 * cruel as the real thing: processes that die at any instant, stop, and go on with everything
 * overdue at once; machines with clocks of their own, reboots and disks; messages that come late,
 * twice, or in another order; a log that is away for as long as it likes.
 *
 * <pre>
 *   Clients --commands--&gt; Broker &lt;--reports, presence, heartbeats-- WorkerProcess on a Host
 *                         |    |                                      |  run directories
 *           Coordinator &lt;-+    +-&gt; Monitor (one a partition)           +- Shim: the job itself
 *                |                    |
 *             Referee, LedgerAudit    +--ticks, proposals--&gt; Broker       Witness: what is true
 *
 *   Faults, Mischief: what goes wrong;  Conduct: where a test plants a defect
 * </pre>
 *
 * <p>Authority: the {@link dev.holdfast.drill.simulation.Witness} alone knows what really happened
 * to an attempt; the {@link dev.holdfast.drill.simulation.Referee} holds what was decided against
 * it, after every step. First everything goes wrong for some virtual minutes; then all faults end,
 * and everything must come right by itself.
 *
 * <p>Whatever happens follows from the seed: there is no other source of chance, no thread, no wall
 * clock, and nothing iterates in an order that the seed does not fix.
 */
@NullMarked
package dev.holdfast.drill.simulation;

import org.jspecify.annotations.NullMarked;
