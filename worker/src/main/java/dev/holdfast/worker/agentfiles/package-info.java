/**
 * Bundles of agent files - instructions, sub-agents, settings - laid into a job's workspace before
 * it starts.
 *
 * <p>Authority: a bundle is a directory that the worker's operator fills; the workspace belongs to
 * the repository: a file that it already has is left as it is, whatever the bundle says.
 *
 * <p>Invariants: before the first file is copied it is written down what will be copied, so that
 * whoever goes on after a crash knows what is ours; a file appears under its name whole or not at
 * all; nothing starts before every file was read back and its digest was right; a bundle that
 * changes meanwhile is laid anew, never half of one and half of the other. Nothing is written
 * through a link, nor into {@code .git} but its list of ignored files, which keeps what was laid
 * out of the job's own changes.
 */
@NullMarked
package dev.holdfast.worker.agentfiles;

import org.jspecify.annotations.NullMarked;
