/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.gateway.log;

import org.jspecify.annotations.NullMarked;
