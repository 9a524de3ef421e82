/**
 * The cell machine: everything that is decided about the jobs of a cell, in plain Java without
 * Kafka, clock, randomness or logger.
 *
 * <p>Authority: the only writer of job events. The gateway asks, workers report, the monitor
 * proposes; each is checked against the present state here and accepted or refused.
 *
 * <pre>
 *   CellInput --&gt; CellMachine --&gt; Decision(events, effects)
 *                    |   each event is applied to the Cell at once, by Evolution,
 *                    v   so replaying the events gives the same Cell
 *                  Cell: jobs, ready queue, fleet, counters
 * </pre>
 *
 * <p>Invariants: tokens only grow; at most one attempt of a job holds a lease; a terminal state is
 * never left; nothing is accepted under a token that is not current.
 */
@NullMarked
package dev.holdfast.coordinator.cell;

import org.jspecify.annotations.NullMarked;
