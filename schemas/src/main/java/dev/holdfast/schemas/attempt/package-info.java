/** One try at a job: its token, what its worker is told and reports, its outcome and output. */
@NullMarked
package dev.holdfast.schemas.attempt;

import org.jspecify.annotations.NullMarked;
