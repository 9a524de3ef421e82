package dev.holdfast.worker.hold;

import dev.holdfast.worker.workspace.CollectLimits;
import dev.holdfast.worker.workspace.Collected;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import dev.holdfast.worker.workspace.RepositoryRef;
import dev.holdfast.worker.workspace.SavedWork;
import dev.holdfast.worker.workspace.Workspaces;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Real workspaces with something before each call, which may throw, and with little room for what a
 * job has not committed.
 */
record FlakyWorkspaces(Workspaces real, Before before, long mostUncommitted) implements Workspaces {
  FlakyWorkspaces(Workspaces real, Before before) {
    this(real, before, Long.MAX_VALUE);
  }

  /** With nothing before a call. */
  FlakyWorkspaces(Workspaces real, long mostUncommitted) {
    this(real, (name, workspace) -> {}, mostUncommitted);
  }

  /** What comes before. */
  interface Before {
    void call(String name, Path workspace);
  }

  @Override
  public PreparedWorkspace prepare(
      Path workspace,
      RepositoryRef repository,
      String branch,
      Optional<Path> savedWork,
      BooleanSupplier cancelled) {
    before.call("prepare", workspace);
    return real.prepare(workspace, repository, branch, savedWork, cancelled);
  }

  @Override
  public Optional<PreparedWorkspace> prepared(Path workspace) {
    return real.prepared(workspace);
  }

  @Override
  public SavedWork save(
      Path workspace, Path directory, CollectLimits limits, Optional<String> known) {
    before.call("save", workspace);
    return real.save(workspace, directory, less(limits), known);
  }

  @Override
  public Collected collect(Path workspace, Path results, CollectLimits limits) {
    before.call("collect", workspace);
    return real.collect(workspace, results, less(limits));
  }

  private CollectLimits less(CollectLimits asked) {
    return new CollectLimits(
        asked.diffBytes(),
        asked.bundleBytes(),
        Math.min(mostUncommitted, asked.uncommittedBytes()));
  }

  @Override
  public void remove(Path workspace) {
    real.remove(workspace);
  }
}
