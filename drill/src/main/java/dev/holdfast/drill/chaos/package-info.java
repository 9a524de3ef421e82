/** Brings a real system up, gives it work, kills its processes, waits for quiet. */
@NullMarked
package dev.holdfast.drill.chaos;

import org.jspecify.annotations.NullMarked;
