/**
 * The Kafka Streams shell of the watch. One task per partition of the heartbeats topic folds the
 * lease ledger, writes ticks into its own partition and proposals to the commands topic, in one
 * transaction with its state ({@code exactly_once_v2}): a proposal is written exactly when the flag
 * behind it is kept.
 *
 * <pre>
 *                     +--------- tick, into its own partition ---------+
 *                     v                                                |
 *   heartbeats/p --> task p: decode, watch (leases, clock) --> commands |
 *                     |            ^                                   |
 *                     +--> dead-letters   wall-clock punctuation ------+
 * </pre>
 *
 * <p>A monitor that is down, moving or restoring writes no ticks, so it ages nobody. A record that
 * cannot be understood becomes a dead letter and the next one is read.
 */
@NullMarked
package dev.holdfast.monitor.stream;

import org.jspecify.annotations.NullMarked;
