/**
 * How far a job says it is: a line in a file that it writes whenever it likes, shown to people.
 *
 * <p>Nothing depends on it. What cannot be understood is shown as text, or not at all.
 */
@NullMarked
package dev.holdfast.worker.progress;

import org.jspecify.annotations.NullMarked;
