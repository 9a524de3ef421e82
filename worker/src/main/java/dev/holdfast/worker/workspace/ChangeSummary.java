package dev.holdfast.worker.workspace;

import java.util.List;
import java.util.Optional;

/**
 * What changed between the base commit and the work tree as the job left it.
 *
 * @param baseCommit full id of the commit the job started from
 * @param headCommit full id of the commit that HEAD named in the end; empty when it named none
 * @param headRef full name of the branch that HEAD was on; empty when detached or unreadable
 * @param uncommittedSnapshot full id of the commit that holds the uncommitted changes, if any
 * @param commits commits reachable from HEAD but not from the base commit
 * @param filesChanged a renamed file counts once
 * @param insertions added lines, binary files not counted
 * @param deletions removed lines, binary files not counted
 * @param uncommittedFiles paths that differ between HEAD and the work tree, ignored ones excepted
 * @param changedPaths the first {@value #LISTED_PATHS} changed paths, under their new names
 */
public record ChangeSummary(
    String baseCommit,
    Optional<String> headCommit,
    Optional<String> headRef,
    Optional<String> uncommittedSnapshot,
    int commits,
    int filesChanged,
    long insertions,
    long deletions,
    int uncommittedFiles,
    List<String> changedPaths) {

  /** How many paths are listed at most; {@code filesChanged} counts them all. */
  public static final int LISTED_PATHS = 1000;

  public ChangeSummary {
    changedPaths = List.copyOf(changedPaths);
  }
}
