/** Workers: who is there, and what they offer. */
@NullMarked
package dev.holdfast.schemas.worker;

import org.jspecify.annotations.NullMarked;
