/**
 * The topics of a cell: names, keys, partitions and settings, said once.
 *
 * <p>A cell is one sequenced log: commands, reports and events have one partition each, so that one
 * task sees everything about its jobs in one order. Heartbeats, orders, output and blobs are
 * partitioned within a cell.
 */
@NullMarked
package dev.holdfast.schemas.topic;

import org.jspecify.annotations.NullMarked;
