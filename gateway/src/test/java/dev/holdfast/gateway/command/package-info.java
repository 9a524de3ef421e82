/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.gateway.command;

import org.jspecify.annotations.NullMarked;
