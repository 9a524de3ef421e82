package dev.holdfast.worker.workspace;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;

/**
 * An earlier attempt's saved work in the clone that is to go on with it. What had been staged comes
 * back as a changed file: the bundle holds no index.
 */
final class EarlierWork implements AutoCloseable {

  private static final String SAVED = "refs/holdfast/saved/";
  private static final String MAGIC = "# v2 git bundle";
  private static final int HEADER_LINES = 1000;

  private final Repository repository;
  private final ObjectId head;
  private final Optional<ObjectId> snapshot;

  private EarlierWork(Repository repository, ObjectId head, Optional<ObjectId> snapshot) {
    this.repository = repository;
    this.head = head;
    this.snapshot = snapshot;
  }

  /** The commit that the attempt began from: the one that a bundle expects its reader to have. */
  static ObjectId base(Path bundle) throws IOException {
    // Comments are commit subjects, in whatever encoding.
    try (BufferedReader lines = Files.newBufferedReader(bundle, StandardCharsets.ISO_8859_1)) {
      if (!MAGIC.equals(lines.readLine())) {
        throw new IOException("it is no git bundle");
      }
      for (int i = 0; i < HEADER_LINES; i++) {
        String line = lines.readLine();
        if (line != null
            && line.startsWith("-")
            && line.length() > Constants.OBJECT_ID_STRING_LENGTH) {
          return ObjectId.fromString(line.substring(1, 1 + Constants.OBJECT_ID_STRING_LENGTH));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("its header cannot be read", e);
    }
    throw new IOException("it names no commit that it builds upon");
  }

  static EarlierWork fetch(Repository repository, Path bundle, String workBranch)
      throws IOException {
    try (Transport transport = Transport.open(repository, new URIish(bundle.toString()))) {
      transport.setCheckFetchedObjects(true);
      transport.fetch(
          NullProgressMonitor.INSTANCE,
          List.of(
              new RefSpec("+" + Constants.R_HEADS + "*:" + SAVED + "heads/*"),
              new RefSpec("+refs/holdfast/*:" + SAVED + "*")));
    } catch (URISyntaxException e) {
      throw new IOException("its path cannot be used", e);
    }
    Ref head = repository.exactRef(SAVED + "heads/" + workBranch);
    if (head == null) {
      throw new IOException("it holds no branch " + workBranch);
    }
    return new EarlierWork(
        repository,
        requireNonNull(head.getObjectId()),
        Optional.ofNullable(repository.exactRef(SAVED + "uncommitted"))
            .map(ref -> requireNonNull(ref.getObjectId())));
  }

  /** The attempt's last commit. */
  ObjectId head() {
    return head;
  }

  /** A commit with the attempt's last files. */
  ObjectId files() {
    return snapshot.orElse(head);
  }

  /** Makes what was not committed a change of the work tree alone. */
  void unstage() throws IOException {
    if (snapshot.isEmpty()) {
      return;
    }
    DirCache index = repository.lockDirCache();
    try (ObjectReader reader = repository.newObjectReader();
        RevWalk walk = new RevWalk(reader)) {
      RevTree tree = walk.parseCommit(head).getTree();
      DirCache committed = DirCache.read(reader, tree);
      DirCacheBuilder builder = index.builder();
      for (int i = 0; i < committed.getEntryCount(); i++) {
        DirCacheEntry entry = committed.getEntry(i);
        DirCacheEntry out = index.getEntry(entry.getPathString());
        boolean same =
            out != null
                && out.getObjectId().equals(entry.getObjectId())
                && out.getRawMode() == entry.getRawMode();
        // What was checked out knows its file's age and size, and need not be compared.
        builder.add(same ? requireNonNull(out) : entry);
      }
      if (!builder.commit()) {
        throw new IOException("the index cannot be written");
      }
    } finally {
      index.unlock();
    }
  }

  /** The commits stay, on the work branch; the names that they came under go. */
  @Override
  public void close() throws IOException {
    for (Ref ref : repository.getRefDatabase().getRefsByPrefix(SAVED)) {
      RefUpdate update = repository.updateRef(ref.getName());
      update.setForceUpdate(true);
      update.delete();
    }
  }
}
