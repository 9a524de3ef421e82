package dev.holdfast.worker.workspace;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Makes, collects and removes the workspaces of attempts. */
public interface Workspaces {

  /**
   * Makes a work tree with the asked repository at the asked ref, on a branch of its own.
   *
   * <p>Idempotent: a complete workspace is returned as it stands, whatever the job has done in it
   * since; the rest of an interrupted preparation is deleted and made again.
   *
   * @param workspaceDir absolute; a marker file is written beside it
   * @param workBranch short name of the branch on which the job's commits land
   * @param cancelled asked often; once true, the preparation ends with {@code CANCELLED}
   * @throws WorkspaceException when the world did not allow it; nothing is left then
   */
  default PreparedWorkspace prepare(
      Path workspaceDir, RepositoryRef repository, String workBranch, BooleanSupplier cancelled) {
    return prepare(workspaceDir, repository, workBranch, Optional.empty(), cancelled);
  }

  /**
   * The same, beginning with what an earlier attempt had changed: its commits on the work branch,
   * over the commit that it began from, and the rest as uncommitted changes. If that cannot be done
   * the workspace begins fresh and a note says why.
   *
   * @param savedWork a bundle that {@link #save} wrote
   */
  PreparedWorkspace prepare(
      Path workspaceDir,
      RepositoryRef repository,
      String workBranch,
      Optional<Path> savedWork,
      BooleanSupplier cancelled);

  /** How a complete workspace was made; empty if there is none. */
  Optional<PreparedWorkspace> prepared(Path workspaceDir);

  /**
   * Writes what the job has changed so far into a bundle in {@code directory}, while the job may be
   * at work: neither its index nor its files are touched. Never throws for what it finds.
   *
   * @param known a state that is safe already; the same is not written again
   */
  SavedWork save(Path workspaceDir, Path directory, CollectLimits limits, Optional<String> known);

  /**
   * Writes what the job changed since the base commit into {@code resultsDir}: {@code changes.diff}
   * and {@code changes.bundle}. Never throws for what it finds; see {@link Collected#notes()}. May
   * be repeated; a later call replaces what an earlier one wrote.
   */
  Collected collect(Path workspaceDir, Path resultsDir, CollectLimits limits);

  /** Deletes the workspace and its marker; does nothing when there is none. */
  void remove(Path workspaceDir);
}
