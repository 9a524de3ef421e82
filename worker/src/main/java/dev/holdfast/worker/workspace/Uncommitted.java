package dev.holdfast.worker.workspace;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.dircache.InvalidPathException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.NameConflictTreeWalk;
import org.eclipse.jgit.treewalk.TreeWalk.OperationType;
import org.eclipse.jgit.treewalk.WorkingTreeIterator;
import org.jspecify.annotations.Nullable;

/**
 * Writes the work tree as a tree object, the way {@code git add --all} would stage it: tracked
 * files as they are now, untracked ones unless ignored. Submodules keep the commit they had.
 */
final class Uncommitted {

  private final Repository shadow;
  private final Consumer<String> leftOut;
  private long remainingBytes;

  /**
   * @param limitBytes how many bytes of changed files may be stored
   * @param leftOut told of each path that is not stored as it is, and why
   */
  Uncommitted(Repository shadow, long limitBytes, Consumer<String> leftOut) {
    this.shadow = shadow;
    this.remainingBytes = limitBytes;
    this.leftOut = leftOut;
  }

  ObjectId writeTree(DirCache tracked) throws IOException {
    DirCache staged = DirCache.newInCore();
    DirCacheBuilder builder = staged.builder();
    try (ObjectInserter inserter = shadow.newObjectInserter();
        ObjectReader reader = shadow.newObjectReader();
        NameConflictTreeWalk walk = new NameConflictTreeWalk(shadow, reader)) {
      walk.setOperationType(OperationType.CHECKIN_OP);
      walk.addTree(new DirCacheIterator(tracked));
      // A repository inside the work tree is stored as plain files: a link to it would be empty.
      FileTreeIterator files =
          new FileTreeIterator(shadow, FileTreeIterator.NoGitlinksStrategy.INSTANCE);
      files.setDirCacheIterator(walk, 0);
      walk.addTree(files);
      byte[] last = new byte[0];
      while (walk.next()) {
        byte[] path = walk.getRawPath();
        // A path in conflict comes once for each of its stages.
        if (!Arrays.equals(path, last) && stage(walk, builder, inserter, reader)) {
          last = path;
        }
      }
      builder.finish();
      ObjectId tree = staged.writeTree(inserter);
      inserter.flush();
      return tree;
    }
  }

  /** Whether the path is settled; if not, it was a directory to enter or nothing to store. */
  private boolean stage(
      NameConflictTreeWalk walk,
      DirCacheBuilder builder,
      ObjectInserter inserter,
      ObjectReader reader)
      throws IOException {
    DirCacheIterator index = walk.getTree(0, DirCacheIterator.class);
    WorkingTreeIterator file = walk.getTree(1, WorkingTreeIterator.class);
    if (index == null && file != null && file.isEntryIgnored()) {
      return false;
    }
    DirCacheEntry entry = index == null ? null : index.getDirCacheEntry();
    if (entry != null && keepsAsTracked(entry, file, reader)) {
      builder.add(entry);
      return true;
    }
    if ((walk.isSubtree() && !walk.isDirectoryFileConflict())
        || (file != null && FileMode.TREE.equals(file.getEntryFileMode()))) {
      walk.enterSubtree();
      return false;
    }
    if (file == null) {
      return false;
    }
    store(walk, file, entry, builder, inserter);
    return true;
  }

  private static boolean keepsAsTracked(
      DirCacheEntry entry, @Nullable WorkingTreeIterator file, ObjectReader reader)
      throws IOException {
    if (entry.getStage() != DirCacheEntry.STAGE_0 || entry.isIntentToAdd()) {
      return false;
    }
    if (FileMode.GITLINK.equals(entry.getFileMode()) || entry.isAssumeValid()) {
      return true;
    }
    // A sparse checkout leaves files out on purpose; elsewhere a missing file is a deleted one.
    return file == null ? entry.isSkipWorkTree() : !file.isModified(entry, true, reader);
  }

  private void store(
      NameConflictTreeWalk walk,
      WorkingTreeIterator file,
      @Nullable DirCacheEntry tracked,
      DirCacheBuilder builder,
      ObjectInserter inserter)
      throws IOException {
    String path = walk.getPathString();
    if (file.getEntryLength() > remainingBytes) {
      leftOut.accept(path + ": over the limit for uncommitted files");
    } else {
      try {
        DirCacheEntry entry = new DirCacheEntry(walk.getRawPath());
        entry.setFileMode(file.getEntryFileMode());
        try (InputStream in = file.openEntryStream()) {
          entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, file.getEntryContentLength(), in));
        }
        remainingBytes -= file.getEntryLength();
        builder.add(entry);
        return;
      } catch (InvalidPathException e) {
        leftOut.accept(path + ": git stores no path of this name");
      } catch (EOFException e) {
        leftOut.accept(path + ": it became shorter while it was read");
      } catch (IOException e) {
        requireFromWorkTree(e, path);
        leftOut.accept("%s: cannot be read (%s)".formatted(path, e.getMessage()));
      }
    }
    // Better the version git knew than a deletion that never was.
    if (tracked != null
        && tracked.getStage() == DirCacheEntry.STAGE_0
        && !tracked.isIntentToAdd()) {
      builder.add(tracked);
    }
  }

  /** A full disk under the shadow must not read as one unreadable file after another. */
  private void requireFromWorkTree(IOException e, String path) throws IOException {
    if (Files.isReadable(Path.of(shadow.getWorkTree().getPath(), path))) {
      throw e;
    }
  }
}
