/**
 * Jobs that are code in the worker's own JVM, found by {@link java.util.ServiceLoader}.
 *
 * <p>A handler needs neither process nor disk, so it starts in microseconds, and dies with its
 * worker: after a restart it is not among what the worker holds, and the job is assigned anew. It
 * is for work that is short, or that guards its own effects by the fencing token that it is given.
 */
@NullMarked
package dev.holdfast.worker.handler;

import org.jspecify.annotations.NullMarked;
