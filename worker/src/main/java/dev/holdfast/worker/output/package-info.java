/**
 * What a job prints and leaves, on its way from the worker's disk to the log.
 *
 * <p>Authority: the files that the job itself appends to; they outlive shim and worker. {@link
 * dev.holdfast.worker.output.OutputPlan} says what to publish next, {@link
 * dev.holdfast.worker.output.OutputPublisher} does it.
 *
 * <p>Invariants: bytes are published in order, at their true offsets, at least once - readers drop
 * what they have; the position on disk never runs ahead of what was acknowledged; memory is bounded
 * whatever the job prints. Beyond the limit a stream is its head, one marker of the cut, and its
 * tail: how a job began and how it ended are what people look for.
 */
@NullMarked
package dev.holdfast.worker.output;

import org.jspecify.annotations.NullMarked;
