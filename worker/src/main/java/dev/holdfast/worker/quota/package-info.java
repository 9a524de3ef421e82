/**
 * How it is recognised that an agent's account is at its limit. The worker only says what an
 * attempt said; what follows from it for the account's jobs is the coordinator's to decide.
 */
@NullMarked
package dev.holdfast.worker.quota;

import org.jspecify.annotations.NullMarked;
