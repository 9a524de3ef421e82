package dev.holdfast.worker.workspace;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A complete workspace.
 *
 * @param directory the work tree
 * @param repository the asked URL, user info masked
 * @param resolvedRef full name of the ref that was asked for or found as the default; empty when a
 *     commit id was asked for
 * @param baseCommit full id of the commit that was checked out
 * @param workBranch short name of the branch that is checked out at the base commit
 * @param mirror the mirror whose objects the clone borrows; a container must see it at this path
 * @param resumed whether it began with an earlier attempt's work
 * @param notes what had to be repaired on the way, and what of the repository is not there
 */
public record PreparedWorkspace(
    Path directory,
    String repository,
    Optional<String> resolvedRef,
    String baseCommit,
    String workBranch,
    Path mirror,
    boolean resumed,
    List<String> notes) {

  /** One that began fresh. */
  public PreparedWorkspace(
      Path directory,
      String repository,
      Optional<String> resolvedRef,
      String baseCommit,
      String workBranch,
      Path mirror,
      List<String> notes) {
    this(directory, repository, resolvedRef, baseCommit, workBranch, mirror, false, notes);
  }

  public PreparedWorkspace {
    notes = List.copyOf(notes);
  }
}
