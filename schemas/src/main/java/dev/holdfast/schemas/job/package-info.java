/** What was submitted, the commands about it, its latest state and the decided facts. */
@NullMarked
package dev.holdfast.schemas.job;

import org.jspecify.annotations.NullMarked;
