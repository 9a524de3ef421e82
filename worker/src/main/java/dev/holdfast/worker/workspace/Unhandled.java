package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;

/**
 * What a repository has that a checkout does not bring: submodules, whose URLs the repository
 * chooses, and large files kept elsewhere, which need a program that it chooses. Both are said, so
 * that no job works on an empty directory without knowing.
 */
final class Unhandled {

  private static final int NAMED = 5;
  private static final int ATTRIBUTES_BYTES = 1024 * 1024;

  private Unhandled() {}

  static List<String> in(Repository repository) throws IOException {
    DirCache index = repository.readDirCache();
    List<String> submodules = new ArrayList<>();
    List<String> largeFiles = new ArrayList<>();
    try (ObjectReader reader = repository.newObjectReader()) {
      for (int i = 0; i < index.getEntryCount(); i++) {
        DirCacheEntry entry = index.getEntry(i);
        String path = entry.getPathString();
        if (FileMode.GITLINK.equals(entry.getFileMode())) {
          submodules.add(path);
        } else if (isAttributes(path)) {
          largeFiles.addAll(largeFilePatterns(reader, entry));
        }
      }
    }
    List<String> notes = new ArrayList<>();
    if (!submodules.isEmpty()) {
      notes.add(
          "%d submodules are not checked out, their directories are empty: %s. The job can fetch them with git submodule update --init"
              .formatted(submodules.size(), some(submodules)));
    }
    if (!largeFiles.isEmpty()) {
      notes.add(
          "files kept by git-lfs are their pointers only: %s. The job can fetch them with git lfs pull"
              .formatted(some(largeFiles)));
    }
    return notes;
  }

  private static boolean isAttributes(String path) {
    return path.equals(Constants.DOT_GIT_ATTRIBUTES)
        || path.endsWith("/" + Constants.DOT_GIT_ATTRIBUTES);
  }

  private static List<String> largeFilePatterns(ObjectReader reader, DirCacheEntry attributes)
      throws IOException {
    ObjectLoader file = reader.open(attributes.getObjectId());
    if (file.getType() != Constants.OBJ_BLOB || file.getSize() > ATTRIBUTES_BYTES) {
      return List.of();
    }
    return new String(file.getBytes(), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("#") && line.contains("filter=lfs"))
        .map(line -> line.split("\\s+")[0])
        .toList();
  }

  private static String some(List<String> names) {
    String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    return names.size() > NAMED ? first + ", ..." : first;
  }
}
