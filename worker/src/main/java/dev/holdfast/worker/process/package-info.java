/**
 * Processes that outlive their worker: the shim, and the files by which it is commanded and read.
 *
 * <pre>
 *   worker                     run directory                      shim ---- job
 *     |-- launch ------------------>|                               |
 *     |-- lease, stop ------------->| (renamed in; seen at once) -->|
 *     |<-- identity, beat, exit ----|<------------------------------|
 *     |<-- stdout, stderr ----------|<-------------------------------------- |
 * </pre>
 *
 * <p>Authority: the shim alone knows whether the job runs and how it ended; the worker alone knows
 * the lease. Neither calls the other, so either may be gone for any time.
 *
 * <p>Invariants: a run directory is launched at most once ({@code identity} is created exclusively
 * before the command runs); a job does not run past its lease's deadline; an attempt has an outcome
 * only by a whole {@code exit}; no process is ever trusted or signalled by its pid alone.
 *
 * <p>The formats ({@link dev.holdfast.worker.process.ControlFile}, {@link
 * dev.holdfast.worker.process.LaunchFile}) and the records are pure; {@link
 * dev.holdfast.worker.process.Shim}, {@link dev.holdfast.worker.process.ShimBinary}, {@link
 * dev.holdfast.worker.process.BootClock} and {@link dev.holdfast.worker.process.ProcessIdentity#of}
 * touch the machine. Linux only.
 */
@NullMarked
package dev.holdfast.worker.process;

import org.jspecify.annotations.NullMarked;
