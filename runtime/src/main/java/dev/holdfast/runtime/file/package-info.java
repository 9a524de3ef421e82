/**
 * How Holdfast writes and removes files: whole or not at all.
 *
 * <p>A state file is written beside its place, forced to disk, renamed, and its directory is forced
 * too; a reader, also one after a power cut or on a full disk, sees the old file or the new one. A
 * failed write leaves the old file and no temporary one; a killed write may leave a temporary file,
 * which is recognised by its suffix and belongs to nobody once its writer is gone.
 */
@NullMarked
package dev.holdfast.runtime.file;

import org.jspecify.annotations.NullMarked;
