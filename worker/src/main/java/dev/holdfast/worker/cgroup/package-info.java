/**
 * The cgroups of this machine, as far as this worker may use them.
 *
 * <pre>
 *   parent/                         mount point, or what systemd has delegated to the worker
 *     holdfast/                     all jobs: steps back behind workers and shims
 *       WORKER-xxxxxxxx/            this worker's, by a name that no other data directory has
 *         TOKEN-JOB/                one attempt: its limits, its processes and nobody else's
 * </pre>
 *
 * <p>With version 2 there is one such tree; with version 1 one for each of freezer, memory, cpu,
 * cpuacct, pids and blkio that is mounted and may be written. Without any, attempts run as session
 * and child-subreaper tree only, and their limits are not enforced.
 *
 * <p>Authority: a worker makes and removes directories and writes limits; the shim moves the job
 * in, freezes, thaws, kills, and reads what was used. Shims stay where the worker is: a frozen or
 * starved job never takes its shim along.
 *
 * <p>Invariants: a directory is removed only when the kernel says that nothing is in it; what is
 * swept bears this worker's own name and belongs to no run directory.
 */
@NullMarked
package dev.holdfast.worker.cgroup;

import org.jspecify.annotations.NullMarked;
