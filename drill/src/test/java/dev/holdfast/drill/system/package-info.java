/**
 * A whole system with real processes, used as its users use it. Started once, shared by all tests.
 */
@NullMarked
package dev.holdfast.drill.system;

import org.jspecify.annotations.NullMarked;
