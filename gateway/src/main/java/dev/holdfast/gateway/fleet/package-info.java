/**
 * The workers as they announce themselves, in memory: the workers topic is compacted and short, so
 * it is read anew at every start.
 */
@NullMarked
package dev.holdfast.gateway.fleet;

import org.jspecify.annotations.NullMarked;
