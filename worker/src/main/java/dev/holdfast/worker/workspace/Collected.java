package dev.holdfast.worker.workspace;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The result of collecting a workspace.
 *
 * @param summary empty when the base commit is unknown or cannot be read
 * @param diff unified diff from the base commit to the work tree; empty when nothing changed
 * @param bundle git bundle with the work branch and, if there are any, the uncommitted changes as
 *     {@value #UNCOMMITTED_REF}; it needs the base commit; empty when nothing changed
 * @param leftOut how many things of the job's work are in neither, and so nowhere but in its
 *     workspace
 * @param notes each thing that is missing from the result, and why
 */
public record Collected(
    Optional<ChangeSummary> summary,
    Optional<Path> diff,
    Optional<Path> bundle,
    int leftOut,
    List<String> notes) {

  /** Where a bundle keeps the snapshot of what the job had not committed. */
  public static final String UNCOMMITTED_REF = "refs/holdfast/uncommitted";

  public static final String DIFF_FILE = "changes.diff";
  public static final String BUNDLE_FILE = "changes.bundle";

  public Collected {
    notes = List.copyOf(notes);
  }

  /** Whether the result holds all that the job left. */
  public boolean complete() {
    return notes.isEmpty();
  }
}
