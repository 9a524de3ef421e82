/**
 * How far running jobs say they are, from their heartbeats. In memory: a restart reads the
 * heartbeats topic again, which holds the newest of each job.
 *
 * <p>Authority: none, and nothing is decided by it.
 */
@NullMarked
package dev.holdfast.gateway.progress;

import org.jspecify.annotations.NullMarked;
