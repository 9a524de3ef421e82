/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.gateway.output;

import org.jspecify.annotations.NullMarked;
