/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.gateway.http;

import org.jspecify.annotations.NullMarked;
