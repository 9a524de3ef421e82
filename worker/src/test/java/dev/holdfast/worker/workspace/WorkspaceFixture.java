package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A worker's directories under a test's temporary one, with a space and Unicode in their names. */
record WorkspaceFixture(Path root, SourceRepository source, GitWorkspaces workspaces) {

  static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");

  static WorkspaceFixture create(Path temporary) throws IOException {
    Path root = temporary.toRealPath().resolve("wörker data");
    return new WorkspaceFixture(
        root,
        SourceRepository.create(temporary.toRealPath().resolve("söurce repo")),
        workspaces(root));
  }

  static GitWorkspaces workspaces(Path root) {
    return workspaces(root, Duration.ofSeconds(10), Secrets.NONE);
  }

  static GitWorkspaces workspaces(Path root, Duration serverSilence, Secrets secrets) {
    return new GitWorkspaces(
        new GitSettings(root.resolve("mirrors"), serverSilence, root.resolve("ssh")),
        secrets,
        GitMetrics.unseen(),
        InstantSource.fixed(NOW));
  }

  /** The same directories with other ways to servers. */
  WorkspaceFixture with(GitWorkspaces other) {
    return new WorkspaceFixture(root, source, other);
  }

  Path workspaceDir(String job) {
    return root.resolve("runs").resolve(job).resolve("work tree");
  }

  PreparedWorkspace prepare(String job, RepositoryRef repository) {
    return workspaces.prepare(workspaceDir(job), repository, "holdfast/" + job, () -> false);
  }

  PreparedWorkspace prepare(String job) {
    return prepare(job, source.atDefault());
  }

  Collected collect(PreparedWorkspace workspace) {
    return collect(workspace, CollectLimits.DEFAULT);
  }

  Collected collect(PreparedWorkspace workspace, CollectLimits limits) {
    return workspaces.collect(
        workspace.directory(), workspace.directory().resolveSibling("results"), limits);
  }

  Path mirror() {
    return root.resolve("mirrors")
        .resolve(RemoteUrl.parse(source.directory().toString()).mirrorName());
  }
}
