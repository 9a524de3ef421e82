package dev.holdfast.worker.workspace;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was saved of a workspace.
 *
 * @param state names what HEAD and the files are now; empty if that cannot be told
 * @param untouched whether nothing differs from the commit that was checked out
 * @param bundle in the form of {@link Collected#bundle}; empty if there was nothing new to write,
 *     or if it could not be written
 * @param notes each thing that is missing from it, and why
 */
public record SavedWork(
    Optional<String> state, boolean untouched, Optional<Path> bundle, List<String> notes) {

  public static final String MEDIA_TYPE = "application/x-git-bundle";

  public SavedWork {
    notes = List.copyOf(notes);
  }
}
