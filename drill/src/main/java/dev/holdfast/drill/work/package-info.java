/** The jobs of a drill: what they do, and what each must have done in the end. */
@NullMarked
package dev.holdfast.drill.work;

import org.jspecify.annotations.NullMarked;
