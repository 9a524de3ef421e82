package dev.holdfast.worker.workspace;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Git's lock files that a dead process left: of index, HEAD, config, refs, packed-refs, shallow, of
 * submodules and linked work trees too, and the mark of a running gc. The caller makes sure that
 * nothing of its own is at work there; other processes are looked for.
 */
final class StaleLocks {

  private StaleLocks() {}

  /** Git forbids ref names ending in .lock; a branch may be called gc.pid. */
  static boolean isLock(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".lock")
        || (name.equals("gc.pid") && Files.isDirectory(file.resolveSibling("objects")));
  }

  /**
   * Removes them.
   *
   * @param gitDir a {@code .git} or a bare repository
   * @param users where a process at work would be seen: the work tree, or the same
   * @return their names
   * @throws WorkspaceException if a living process may hold them; they are left alone then
   */
  static List<String> remove(Path gitDir, Path users) throws IOException {
    List<Path> locks = below(gitDir);
    if (!locks.isEmpty()) {
      requireNobody(users, locks);
      for (Path lock : locks) {
        Files.deleteIfExists(lock);
      }
    }
    return locks.stream().map(lock -> gitDir.relativize(lock).toString()).toList();
  }

  static void requireNobody(Path users, List<Path> files) throws IOException {
    Optional<String> living = LivingUsers.of(users);
    if (living.isPresent()) {
      throw new WorkspaceException(
          Code.WORKSPACE_IO,
          "%s is locked (%s) and the living process %s may hold it. Let it end, or end it."
              .formatted(users, files.getFirst().getFileName(), living.get()),
          null);
    }
  }

  private static List<Path> below(Path gitDir) throws IOException {
    List<Path> locks = new ArrayList<>();
    Files.walkFileTree(
        gitDir,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && isLock(file)) {
              locks.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
          }
        });
    return locks;
  }
}
