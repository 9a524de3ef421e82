package dev.holdfast.worker.index.lucene;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/** The text files of a commit, read from a git directory. */
final class CommitFiles {
  /** Larger ones are data or generated: they would fill the index and hide what people wrote. */
  private static final long LARGEST_BYTES = 1024L * 1024;

  private final Map<String, Long> counts = new TreeMap<>();

  /** Takes one file after another. */
  interface Reader {
    void read(String path, String text) throws IOException;
  }

  /** Reads all of them; answers how many were read, and how many were not and why. */
  Map<String, Long> read(Path gitDirectory, String commit, Reader reader) throws IOException {
    try (Repository repository =
            new FileRepositoryBuilder()
                .setGitDir(gitDirectory.toFile())
                .setBare()
                .setMustExist(true)
                .build();
        ObjectReader objects = repository.newObjectReader();
        RevWalk commits = new RevWalk(objects);
        TreeWalk walk = new TreeWalk(repository, objects)) {
      walk.addTree(commits.parseCommit(ObjectId.fromString(commit)).getTree());
      walk.setRecursive(true);
      while (walk.next()) {
        counts.merge(readOne(walk, objects, reader), 1L, Long::sum);
      }
      return counts;
    }
  }

  private static String readOne(TreeWalk walk, ObjectReader objects, Reader reader)
      throws IOException {
    FileMode mode = walk.getFileMode();
    if (!FileMode.REGULAR_FILE.equals(mode) && !FileMode.EXECUTABLE_FILE.equals(mode)) {
      return "links";
    }
    ObjectId blob = walk.getObjectId(0);
    if (objects.getObjectSize(blob, Constants.OBJ_BLOB) > LARGEST_BYTES) {
      return "large";
    }
    byte[] bytes = objects.open(blob, Constants.OBJ_BLOB).getBytes();
    if (RawText.isBinary(bytes, bytes.length, true)) {
      return "binary";
    }
    reader.read(walk.getPathString(), new String(bytes, StandardCharsets.UTF_8));
    return "indexed";
  }
}
