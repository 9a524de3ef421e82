/**
 * The lease ledger and the arithmetic that keeps two attempts of one job apart.
 *
 * <p>The heartbeats topic is a ledger of its own: the coordinator opens a lease there when it
 * assigns and closes it with a tombstone, the worker renews it by heartbeats, the monitor ticks.
 * Nobody else writes, and the monitor needs no other topic to judge.
 */
@NullMarked
package dev.holdfast.schemas.lease;

import org.jspecify.annotations.NullMarked;
