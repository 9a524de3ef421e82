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
 * @param leftOut how many things of the job's work the state does not cover: unreadable files, say,
 *     or those over the limit
 * @param notes each thing that is missing from it, and why
 */
public record SavedWork(
    Optional<String> state,
    boolean untouched,
    Optional<Path> bundle,
    int leftOut,
    List<String> notes) {

  public static final String MEDIA_TYPE = "application/x-git-bundle";

  public SavedWork {
    notes = List.copyOf(notes);
  }

  /** Whether the workspace can go, if nothing or only this state is to be kept of it. */
  public boolean isAllIn(Optional<String> kept) {
    return state.isPresent() && leftOut == 0 && (untouched || state.equals(kept));
  }
}
