package dev.holdfast.worker.agentfiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles of a worker: one directory each, named like the bundle. */
public final class AgentFiles {
  private static final Logger log = LoggerFactory.getLogger(AgentFiles.class);

  private final Path root;
  private final Laying.Steps steps;

  /** The directory need not exist: then there are no bundles. */
  public AgentFiles(Path root) {
    this(root, step -> {});
  }

  AgentFiles(Path root, Laying.Steps steps) {
    this.root = root;
    this.steps = steps;
  }

  /**
   * Lays a bundle into a workspace. Can be called again at any time, after a crash too: what is
   * there already is verified, not copied.
   *
   * @param journal a file outside the workspace, for this workspace alone
   * @return what was left out because the workspace has a file of its own there
   */
  public List<String> lay(String bundle, Path workspace, Path journal)
      throws IOException, BundleRefused {
    Path directory = root.resolve(bundle);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw BundleRefused.missing(bundle, root);
    }
    var laid = new Laying(directory, workspace, new Journal(journal), steps).lay();
    log.info(
        "laid {} agent files of bundle {} into {}; left out as the repository's own: {}",
        laid.files().size(),
        bundle,
        workspace,
        laid.leftOut());
    return laid.leftOut();
  }
}
