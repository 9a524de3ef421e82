/**
 * The directory in which a job keeps what a later attempt can go on from.
 *
 * <p>Authority: the job writes it, whenever it likes; the newest archive that the coordinator knows
 * of is what the next attempt begins with.
 *
 * <p>Invariants: an archive is a state that the directory was in at one instant - if something
 * changed while it was read, it is read again; nothing is archived or sent that has not changed; a
 * restored directory appears whole or not at all, after its digest was checked.
 */
@NullMarked
package dev.holdfast.worker.checkpoint;

import org.jspecify.annotations.NullMarked;
