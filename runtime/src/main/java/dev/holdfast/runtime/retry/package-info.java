/** When to try again. */
@NullMarked
package dev.holdfast.runtime.retry;

import org.jspecify.annotations.NullMarked;
