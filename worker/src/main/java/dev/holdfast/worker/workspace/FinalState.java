package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * What the job left: the commit under HEAD and, beside it, what was not committed. What cannot be
 * read counts as unchanged since the base commit, with a note.
 */
final class FinalState implements AutoCloseable {

  private final Shadow shadow;
  private final Repository repository;
  private final JobGitDir gitDir;
  private final Notes notes;
  private final RevWalk walk;

  private JobGitDir.Head head = JobGitDir.Head.UNKNOWN;
  private Optional<RevCommit> headCommit = Optional.empty();
  private Optional<ObjectId> snapshot = Optional.empty();
  private Optional<ObjectId> tree = Optional.empty();
  private int uncommittedFiles;

  FinalState(Shadow shadow, JobGitDir gitDir, Notes notes) {
    this.shadow = shadow;
    this.repository = shadow.repository();
    this.gitDir = gitDir;
    this.notes = notes;
    this.walk = new RevWalk(repository);
  }

  RevCommit commit(ObjectId id) throws IOException {
    RevCommit commit = walk.parseCommit(id);
    walk.parseBody(commit);
    return commit;
  }

  /**
   * @param readable whether the job's {@code .git} may be read at all
   */
  void read(RevCommit base, boolean readable, long limitBytes, Instant now) {
    if (readable) {
      head = notes.attempt("HEAD cannot be read", gitDir::head).orElse(JobGitDir.Head.UNKNOWN);
      headCommit =
          head.commit().flatMap(id -> notes.attempt("HEAD's commit is lost", () -> commit(id)));
      if (head.commit().isEmpty()) {
        notes.leaveOut("HEAD names no commit: the files are compared with the base commit alone");
      }
    }
    RevCommit parent = headCommit.orElse(base);
    Optional<ObjectId> found =
        notes.attempt(
            "uncommitted changes cannot be collected",
            () -> workTree(tracked(parent, readable), limitBytes));
    tree = found.or(() -> Optional.of(parent.getTree().getId()));
    if (!tree().equals(parent.getTree())) {
      snapshot =
          notes.attempt(
              "uncommitted changes cannot be stored", () -> snapshotCommit(parent, tree(), now));
      uncommittedFiles =
          notes
              .attemptView(
                  "uncommitted changes cannot be counted",
                  () -> differing(parent.getTree(), tree()))
              .orElse(0);
    }
  }

  private ObjectId workTree(DirCache tracked, long limitBytes) throws IOException {
    return new Uncommitted(repository, limitBytes, path -> notes.leaveOut("not collected: " + path))
        .writeTree(tracked);
  }

  private DirCache tracked(RevCommit parent, boolean readable) throws IOException {
    if (readable) {
      if (gitDir.excludes().isPresent()) {
        shadow.takeExcludes(gitDir.excludes().get());
      }
      Optional<DirCache> index =
          gitDir
              .index()
              .flatMap(file ->
                  notes.attempt(
                      "the index is not used",
                      () -> JobIndex.read(shadow.takeIndex(file), repository.getFS())));
      if (index.isPresent()) {
        return index.get();
      }
    }
    try (ObjectReader reader = repository.newObjectReader()) {
      return JobIndex.ofTree(reader, parent.getTree());
    }
  }

  private int differing(ObjectId before, ObjectId after) throws IOException {
    try (TreeWalk trees = new TreeWalk(repository)) {
      trees.addTree(before);
      trees.addTree(after);
      trees.setRecursive(true);
      trees.setFilter(TreeFilter.ANY_DIFF);
      int count = 0;
      while (trees.next()) {
        count++;
      }
      return count;
    }
  }

  private ObjectId snapshotCommit(RevCommit parent, ObjectId found, Instant now)
      throws IOException {
    PersonIdent holdfast =
        new PersonIdent("Holdfast", "worker@holdfast.invalid", now, ZoneOffset.UTC);
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(found);
    commit.setParentId(parent);
    commit.setAuthor(holdfast);
    commit.setCommitter(holdfast);
    commit.setMessage("Uncommitted changes at the end of the attempt\n");
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      return id;
    }
  }

  /** How many commits HEAD has that the base commit does not lead to. */
  int commitsSince(RevCommit base) {
    return headCommit
        .flatMap(top ->
            notes.attemptView(
                "commits cannot be counted",
                () -> {
                  int count = 0;
                  walk.reset();
                  walk.markStart(top);
                  walk.markUninteresting(base);
                  while (walk.next() != null) {
                    count++;
                  }
                  return count;
                }))
        .orElse(0);
  }

  Optional<String> headRef() {
    return head.ref();
  }

  Optional<RevCommit> headCommit() {
    return headCommit;
  }

  Optional<ObjectId> snapshot() {
    return snapshot;
  }

  int uncommittedFiles() {
    return uncommittedFiles;
  }

  /** The tree of the final work tree; set once read. */
  ObjectId tree() {
    return tree.orElseThrow();
  }

  @Override
  public void close() {
    walk.close();
  }
}
