/**
 * Health and metrics of a process. Live: restarting would not help. Ready: it can do its work now;
 * if not, the answer names what is missing.
 */
@NullMarked
package dev.holdfast.runtime.health;

import org.jspecify.annotations.NullMarked;
