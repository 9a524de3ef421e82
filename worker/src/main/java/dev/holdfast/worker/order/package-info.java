/**
 * Orders, from the log to whoever carries them out.
 *
 * <p>One thread polls and does nothing else; orders are carried out elsewhere, and answer with a
 * future that completes once their effect would survive a crash. Only then, and only in order, is
 * the offset committed: what lies before it is on the disk or in the log, what lies after it comes
 * again.
 *
 * <p>An order that names another worker is that worker's; an assignment that names an older
 * incarnation is settled by the handshake; what cannot be read goes to the dead letters. None of
 * them holds up the next one.
 */
@NullMarked
package dev.holdfast.worker.order;

import org.jspecify.annotations.NullMarked;
