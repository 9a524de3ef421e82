/**
 * What a worker keeps on its disk.
 *
 * <pre>
 *   worker.lock            held while a worker lives; shims look at it
 *   worker-id incarnation  who it is, and which start this is
 *   runs/JOB/TOKEN/        one attempt: see below
 *   runs/.new/             run directories being made; incomplete, so without meaning
 *   runs/.damaged/         run directories that could not be understood, for people to look at
 *   runs/.trash/           run directories being deleted
 * </pre>
 *
 * <p>Authority: a run directory is the only record of what this worker did with an attempt. It
 * appears under its name complete and forced to disk; {@code run.json} and {@code result.json} are
 * written once. Which shim runs in it, and what became of the job, is asked of {@link
 * dev.holdfast.worker.run.Supervisor}.
 *
 * <p>Invariants: every file is written beside its place and renamed into it, and carries a
 * checksum; what does not match its checksum is never believed, never silently skipped; a directory
 * that held something is never reused.
 */
@NullMarked
package dev.holdfast.worker.run;

import org.jspecify.annotations.NullMarked;
