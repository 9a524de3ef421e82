/** The plan of a drill's faults, complete before the drill starts. */
@NullMarked
package dev.holdfast.drill.fault;

import org.jspecify.annotations.NullMarked;
