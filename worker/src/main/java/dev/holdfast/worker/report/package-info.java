/**
 * What a worker says to the cell, and when it says it again.
 *
 * <p>Ports for the four things a worker writes - reports, heartbeats, presence, dead letters - and
 * their Kafka adapters. A returned future completes once the record is safe in the log, and fails
 * when it is not known to be; whoever needs it there sends it again, for everything that is written
 * here may arrive twice.
 *
 * <p>Heartbeats have a thread and a producer of their own: nothing that jobs or reports do can hold
 * them up. That thread owns every lease of the worker: it alone writes {@code lease} files.
 */
@NullMarked
package dev.holdfast.worker.report;

import org.jspecify.annotations.NullMarked;
