package dev.holdfast.worker.container;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Gives files to the user that the job runs as. */
final class Ownership {
  private final JobUser user;

  Ownership(JobUser user) {
    this.user = user;
  }

  /** Whom files that this worker makes in the directory belong to. */
  static JobUser ofWorker(Path directory) throws IOException {
    return owner(directory);
  }

  /** Whether this worker may give files away. */
  static boolean mayGive() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** An empty file that the job may write to; left alone if it is there. */
  void make(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    give(file);
  }

  /** A directory and all that is in it; links are not followed. */
  void giveAll(Path top) throws IOException {
    if (owner(top).equals(user)) {
      return; // given before: its files are the job's own business since
    }
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            give(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            // The top last: it tells whether all of it was given.
            give(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void give(Path path) throws IOException {
    if (!owner(path).equals(user)) {
      Files.setAttribute(path, "unix:uid", (int) user.uid(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", (int) user.gid(), LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static JobUser owner(Path path) throws IOException {
    var attributes = Files.readAttributes(path, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
    return new JobUser(number(attributes.get("uid")), number(attributes.get("gid")));
  }

  private static long number(@Nullable Object id) {
    return id instanceof Integer number ? Integer.toUnsignedLong(number) : -1;
  }
}
