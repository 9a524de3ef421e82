/**
 * The shape of the code base, held by tests: which module may see which, and what the pure packages
 * may touch. The rules stand in this module because it alone sees all others.
 */
@NullMarked
package dev.holdfast.drill.architecture;

import org.jspecify.annotations.NullMarked;
