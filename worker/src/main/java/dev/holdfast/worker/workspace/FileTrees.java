package dev.holdfast.worker.workspace;

import static java.util.Objects.requireNonNull;

import dev.holdfast.runtime.file.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Deletes trees that a job may have made awkward, and puts finished files and trees in place. */
final class FileTrees {

  private FileTrees() {}

  /** Deletes a file or a tree, read-only directories too; follows no symbolic link. */
  static void delete(Path root) throws IOException {
    Tree.delete(root);
  }

  /** Makes a finished temporary file appear under its name, surely and in one step. */
  static void publish(Path temporary, Path target) throws IOException {
    Tree.force(temporary);
    move(temporary, target);
  }

  /** Renames a file or directory so that a crash leaves it under one name or the other. */
  static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Tree.force(requireNonNull(to.toAbsolutePath().getParent()));
  }
}
