/** What is known of a cell beside its jobs: its controls, and what operators ask of it. */
@NullMarked
package dev.holdfast.schemas.cell;

import org.jspecify.annotations.NullMarked;
