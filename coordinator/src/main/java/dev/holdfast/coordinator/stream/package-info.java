/**
 * The Kafka Streams shell of the cell machine. One task reads commands, reports and presence, and
 * writes events, orders and the lease ledger in one transaction with its state ({@code
 * exactly_once_v2}). Owning that task is leadership; a zombie is fenced by its producer's epoch.
 */
@NullMarked
package dev.holdfast.coordinator.stream;

import org.jspecify.annotations.NullMarked;
