/** Measures a whole system from outside. Compare figures of one run; never across machines. */
@NullMarked
package dev.holdfast.drill.bench;

import org.jspecify.annotations.NullMarked;
