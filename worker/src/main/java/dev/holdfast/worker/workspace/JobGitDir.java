package dev.holdfast.worker.workspace;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * The {@code .git} that a job left, read as data. It is never opened as a repository: its
 * configuration could name commands to run, its files could be pipes that block or links that lead
 * out of the workspace.
 */
final class JobGitDir {

  private static final int SYMBOLIC_DEPTH = 5;
  private static final int REF_FILE_BYTES = 4096;

  private final Path directory;

  JobGitDir(Path workTree) {
    this.directory = workTree.resolve(Constants.DOT_GIT);
  }

  /** Where HEAD points: a branch, a commit, both, or, if it cannot be read, nothing. */
  record Head(Optional<String> ref, Optional<ObjectId> commit) {
    static final Head UNKNOWN = new Head(Optional.empty(), Optional.empty());
  }

  boolean exists() {
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && isFile(directory.resolve(Constants.HEAD));
  }

  Path objects() {
    return directory.resolve("objects");
  }

  Optional<Path> index() {
    return Optional.of(directory.resolve("index")).filter(JobGitDir::isFile);
  }

  /** The job's own ignore rules beside those in the work tree. */
  Optional<Path> excludes() {
    return Optional.of(directory.resolve("info/exclude")).filter(JobGitDir::isFile);
  }

  Head head() throws IOException {
    Path file = directory.resolve(Constants.HEAD);
    Optional<String> branch = Optional.empty();
    for (int depth = 0; depth < SYMBOLIC_DEPTH; depth++) {
      String text = isFile(file) ? start(file) : "";
      if (ObjectId.isId(text)) {
        return new Head(branch, Optional.of(ObjectId.fromString(text)));
      }
      if (!text.startsWith("ref: ")) {
        return new Head(branch, branch.isPresent() ? packed(branch.get()) : Optional.empty());
      }
      String name = text.substring("ref: ".length()).strip();
      if (!Repository.isValidRefName(name)) {
        return Head.UNKNOWN;
      }
      branch = Optional.of(name);
      file = directory.resolve(name);
    }
    return Head.UNKNOWN;
  }

  private static String start(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(REF_FILE_BYTES), StandardCharsets.UTF_8).strip();
    }
  }

  private Optional<ObjectId> packed(String name) throws IOException {
    Path file = directory.resolve("packed-refs");
    if (!isFile(file)) {
      return Optional.empty();
    }
    // Latin 1 never fails to decode, and a name with other letters is compared in the same way.
    String wanted = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      return lines
          .lines()
          .filter(line -> line.endsWith(" " + wanted) && line.length() == 41 + wanted.length())
          .map(line -> line.substring(0, 40))
          .filter(ObjectId::isId)
          .map(ObjectId::fromString)
          .findFirst();
    }
  }

  /** Why the objects must not be read, or empty if they may. */
  Optional<String> objectsProblem(Path mirrorObjects) throws IOException {
    Path objects = objects();
    if (!Files.isDirectory(objects, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(".git/objects is no directory");
    }
    Path[] odd = new Path[1];
    Files.walkFileTree(
        objects,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              return FileVisitResult.CONTINUE;
            }
            odd[0] = file;
            return FileVisitResult.TERMINATE;
          }
        });
    if (odd[0] != null) {
      return Optional.of("%s is no plain file".formatted(odd[0]));
    }
    Path alternates = objects.resolve(AttemptClone.ALTERNATES);
    boolean borrowsElsewhere =
        Files.exists(alternates)
            && Files.readString(alternates, StandardCharsets.UTF_8)
                .lines()
                .anyMatch(line -> !line.isBlank() && !line.equals(mirrorObjects.toString()));
    // Else a job could have the objects of other repositories on this worker sent out.
    return borrowsElsewhere
        ? Optional.of(".git/objects/info/alternates names more than this workspace's mirror")
        : Optional.empty();
  }

  private static boolean isFile(Path path) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }
}
