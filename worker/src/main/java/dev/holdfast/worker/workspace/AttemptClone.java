package dev.holdfast.worker.workspace;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheCheckout;
import org.eclipse.jgit.dircache.InvalidPathException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.RefWriter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** An attempt's own repository: its refs, index and work tree, over the mirror's objects. */
final class AttemptClone {

  /** Known to git as the place of further objects, one absolute path a line. */
  static final String ALTERNATES = "info/alternates";

  private static final String REMOTE_REFS = "refs/remotes/origin/";

  private final Path workTree;
  private final Path mirror;

  AttemptClone(Path workTree, Path mirror) {
    this.workTree = workTree;
    this.mirror = mirror;
  }

  /**
   * Makes it; the directory must not exist yet.
   *
   * @param savedWork of an earlier attempt that began at the same commit
   * @return what of the repository is not there
   */
  List<String> create(
      RemoteUrl url,
      ObjectId base,
      String workBranch,
      Optional<Path> savedWork,
      BooleanSupplier cancelled)
      throws IOException {
    Files.createDirectories(workTree);
    Path gitDir = workTree.resolve(Constants.DOT_GIT);
    try (Repository bare = builder(gitDir).build()) {
      bare.create(false);
      configure(bare.getConfig(), url);
    }
    Files.writeString(
        gitDir.resolve("objects").resolve(ALTERNATES), mirror.resolve("objects") + "\n");
    // Opened anew: an open repository does not notice that it borrows objects now.
    try (Repository repository = builder(gitDir).build()) {
      copyRefs(repository);
      startBranch(repository, base, workBranch);
      if (savedWork.isPresent()) {
        try (EarlierWork earlier = EarlierWork.fetch(repository, savedWork.get(), workBranch)) {
          startBranch(repository, earlier.head(), workBranch);
          checkOut(repository, earlier.files(), url, cancelled);
          earlier.unstage();
        }
      } else {
        checkOut(repository, base, url, cancelled);
      }
      return Unhandled.in(repository);
    }
  }

  private FileRepositoryBuilder builder(Path gitDir) {
    return new FileRepositoryBuilder().setGitDir(gitDir.toFile()).setWorkTree(workTree.toFile());
  }

  private static void configure(StoredConfig config, RemoteUrl url) throws IOException {
    config.setString("core", null, "autocrlf", "false");
    config.setInt("gc", null, "auto", 0);
    config.setBoolean("maintenance", null, "auto", false);
    config.setString("user", null, "name", "Holdfast job");
    config.setString("user", null, "email", "job@holdfast.invalid");
    config.setString("remote", "origin", "url", url.given());
    config.setString("remote", "origin", "fetch", "+refs/heads/*:" + REMOTE_REFS + "*");
    config.save();
  }

  /** The mirror's branches become {@code origin/...}, as after a clone by git; tags stay tags. */
  @SuppressWarnings("deprecation") // JGit has no other way to write many refs at once
  private void copyRefs(Repository repository) throws IOException {
    List<Ref> copies = new ArrayList<>();
    try (Repository source = Mirror.open(mirror)) {
      for (Ref ref : source.getRefDatabase().getRefsByPrefix(Constants.R_HEADS)) {
        String name = REMOTE_REFS + ref.getName().substring(Constants.R_HEADS.length());
        copies.add(new ObjectIdRef.PeeledNonTag(Ref.Storage.PACKED, name, ref.getObjectId()));
      }
      for (Ref ref : source.getRefDatabase().getRefsByPrefix(Constants.R_TAGS)) {
        copies.add(source.getRefDatabase().peel(ref));
      }
    }
    new RefWriter(copies) {
      @Override
      protected void writeFile(String file, byte[] content) throws IOException {
        Files.write(repository.getDirectory().toPath().resolve(file), content);
      }
    }.writePackedRefs();
  }

  private static void startBranch(Repository repository, ObjectId base, String workBranch)
      throws IOException {
    RefUpdate branch = repository.updateRef(Constants.R_HEADS + workBranch);
    branch.setNewObjectId(base);
    branch.setRefLogMessage("holdfast: start of the attempt", false);
    require(branch.forceUpdate(), branch);
    RefUpdate head = repository.updateRef(Constants.HEAD);
    require(head.link(Constants.R_HEADS + workBranch), head);
  }

  private static void require(RefUpdate.Result result, RefUpdate update) throws IOException {
    switch (result) {
      case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
      default -> throw new IOException("ref " + update.getName() + " not written: " + result);
    }
  }

  private void checkOut(
      Repository repository, ObjectId base, RemoteUrl url, BooleanSupplier cancelled)
      throws IOException {
    DirCache index = repository.lockDirCache();
    try (RevWalk walk = new RevWalk(repository)) {
      RevTree tree = walk.parseCommit(base).getTree();
      DirCacheCheckout checkout = new DirCacheCheckout(repository, index, tree);
      checkout.setProgressMonitor(new CancellableProgress(cancelled));
      checkout.checkout();
    } catch (IOException e) {
      if (cancelled.getAsBoolean()) {
        throw WorkspaceException.cancelled("Checking out " + url);
      }
      throw e;
    } catch (InvalidPathException e) {
      throw new WorkspaceException(
          Code.REPOSITORY_UNSAFE,
          ("Commit %s of %s holds a path that git refuses to check out: %s."
                  + " Remove it from the repository.")
              .formatted(base.name(), url, e.getMessage()),
          e);
    } finally {
      index.unlock();
    }
  }
}
