/**
 * What an attempt is given besides its workspace: files, secrets, a checkpoint directory, a place
 * to tell its progress; and the way that these take into its environment.
 *
 * <p>Authority: the job's spec says what is given, this worker's secret store has the values, the
 * coordinator says which checkpoint is the newest.
 *
 * <pre>
 *   run directory/job/files        $HOLDFAST_FILES       for reading; complete or not there
 *                    /checkpoint   $HOLDFAST_CHECKPOINT  the job's own, saved while it runs
 *                    /progress     $HOLDFAST_PROGRESS    written by the job, shown to people
 *   in memory: job.token/files     $HOLDFAST_SECRETS     gone with the attempt
 * </pre>
 *
 * <p>Invariants: nothing goes through a shell; laying everything out a second time, after a crash,
 * gives the same; secrets are written down as given, without their values, before the job starts,
 * so that no later incarnation publishes them by mistake.
 */
@NullMarked
package dev.holdfast.worker.provision;

import org.jspecify.annotations.NullMarked;
