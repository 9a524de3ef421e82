/** JSON in and out: one mapper, strict where strangers write, lenient where we read ourselves. */
@NullMarked
package dev.holdfast.schemas.codec;

import org.jspecify.annotations.NullMarked;
