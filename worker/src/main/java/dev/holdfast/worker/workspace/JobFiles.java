package dev.holdfast.worker.workspace;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.WorkingTreeIterator;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.FS_POSIX;

/**
 * A job's work tree as git can store it: files, directories, symbolic links. JGit takes a pipe or
 * socket for a file and would wait for ever to read it, even to see whether it is {@code
 * .gitignore}; so such entries are not shown to JGit at all.
 */
final class JobFiles extends FS_POSIX {

  private final Consumer<String> leftOut;

  JobFiles(Consumer<String> leftOut) {
    this.leftOut = leftOut;
  }

  @Override
  public FS newInstance() {
    return new JobFiles(leftOut);
  }

  @Override
  public WorkingTreeIterator.Entry[] list(
      File directory, FileTreeIterator.FileModeStrategy strategy) {
    File[] all = directory.listFiles();
    if (all == null) {
      leftOut.accept(directory + ": the directory cannot be read");
      return new WorkingTreeIterator.Entry[0];
    }
    List<WorkingTreeIterator.Entry> entries = new ArrayList<>(all.length);
    for (File file : all) {
      Attributes attributes = getAttributes(file);
      if (attributes.isRegularFile() || attributes.isDirectory() || attributes.isSymbolicLink()) {
        entries.add(new FileTreeIterator.FileEntry(file, this, attributes, strategy));
      } else {
        leftOut.accept(file + ": neither file, directory nor link, or its name is not UTF-8");
      }
    }
    return entries.toArray(WorkingTreeIterator.Entry[]::new);
  }
}
