/**
 * Nothing uncommitted is ever deleted unsaved.
 *
 * <pre>
 *   job at work  --every now and then--&gt;  blob, FileKept   for the attempt after a lost one
 *   lost         --before it is told---&gt;  blob, FileKept
 *   ended        --with its result-----&gt;  changes.bundle   (collecting, not here)
 *   superseded,
 *   orphan       --before removal------&gt;  DATA/saved/JOB-TOKEN/, on this worker's disk
 * </pre>
 *
 * <p>Authority: the coordinator decides which attempt's work seeds the next; it takes a kept file
 * only under the current token, so that of a superseded attempt stays here, for people.
 *
 * <p>Invariants: saving reads the workspace and writes beside it, never into it; what is safe
 * already is not stored again; the shelf is bounded in bytes and age, its newest entry never the
 * one to go.
 */
@NullMarked
package dev.holdfast.worker.keep;

import org.jspecify.annotations.NullMarked;
