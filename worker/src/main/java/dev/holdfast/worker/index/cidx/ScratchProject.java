package dev.holdfast.worker.index.cidx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheCheckout;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A checkout of a commit, for a program that wants files; it borrows the mirror's objects. */
final class ScratchProject {
  private ScratchProject() {}

  static void checkOut(Path mirror, String commit, Path project) throws IOException {
    Path gitDirectory = Files.createDirectories(project).resolve(Constants.DOT_GIT);
    try (Repository empty = builder(gitDirectory, project).build()) {
      empty.create(false);
    }
    Files.writeString(
        gitDirectory.resolve("objects/info/alternates"), mirror.resolve("objects") + "\n");
    // Opened anew: an open repository does not notice that it borrows objects now.
    try (Repository repository = builder(gitDirectory, project).build();
        RevWalk walk = new RevWalk(repository)) {
      RevCommit found = walk.parseCommit(ObjectId.fromString(commit));
      RefUpdate head = repository.updateRef(Constants.HEAD, true);
      head.setNewObjectId(found);
      head.forceUpdate();
      DirCache files = repository.lockDirCache();
      try {
        new DirCacheCheckout(repository, files, found.getTree()).checkout();
      } finally {
        files.unlock();
      }
    }
  }

  private static FileRepositoryBuilder builder(Path gitDirectory, Path project) {
    return new FileRepositoryBuilder()
        .setGitDir(gitDirectory.toFile())
        .setWorkTree(project.toFile());
  }
}
