/**
 * The worker's announcement of itself.
 *
 * <p>Presence is the claim, assignment is the grant: each assignment names the presence that it
 * answers, and its lease counts from when that presence was sent. So the loop remembers when it
 * sent which, for longer than any lease lasts, and an assignment that answers a forgotten one is
 * refused.
 */
@NullMarked
package dev.holdfast.worker.presence;

import org.jspecify.annotations.NullMarked;
