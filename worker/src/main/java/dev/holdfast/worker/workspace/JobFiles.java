package dev.holdfast.worker.workspace;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
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

  private final Notes notes;

  JobFiles(Notes notes) {
    this.notes = notes;
  }

  @Override
  public FS newInstance() {
    return new JobFiles(notes);
  }

  @Override
  public WorkingTreeIterator.Entry[] list(
      File directory, FileTreeIterator.FileModeStrategy strategy) {
    File[] all = directory.listFiles();
    if (all == null) {
      notes.leaveOut("not collected: " + directory + ": the directory cannot be read");
      return new WorkingTreeIterator.Entry[0];
    }
    List<WorkingTreeIterator.Entry> entries = new ArrayList<>(all.length);
    for (File file : all) {
      Attributes attributes = getAttributes(file);
      if (attributes.isRegularFile() || attributes.isDirectory() || attributes.isSymbolicLink()) {
        entries.add(new FileTreeIterator.FileEntry(file, this, attributes, strategy));
      } else if (holdsNothing(file)) {
        notes.mention("not collected: " + file + ": neither file, directory nor link");
      } else {
        notes.leaveOut("not collected: " + file + ": its name is not UTF-8");
      }
    }
    return entries.toArray(WorkingTreeIterator.Entry[]::new);
  }

  /** A socket, pipe or device. */
  private static boolean holdsNothing(File file) {
    try {
      return Files.readAttributes(
              file.toPath(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isOther();
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }
}
