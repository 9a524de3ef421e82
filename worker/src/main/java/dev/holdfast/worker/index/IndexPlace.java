package dev.holdfast.worker.index;

import static java.util.Objects.requireNonNull;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where the index of one commit lies.
 *
 * @param repository the directory of all indexes of the repository
 * @param name kind and commit
 */
record IndexPlace(Path repository, String name) {
  static final String MAKING = ".making-";
  static final String DAMAGED = ".damaged-";
  static final String TRASH = ".trash-";
  static final String LOCK = ".lock";
  static final String USE = ".use";

  static IndexPlace of(Path root, String repository, IndexKind kind, String commit) {
    return new IndexPlace(root.resolve(repository), name(kind) + "-" + commit);
  }

  /** The place of an index of which only the directory is known. */
  static IndexPlace at(Path directory) {
    return new IndexPlace(
        requireNonNull(directory.getParent()), directory.getFileName().toString());
  }

  static String name(IndexKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  Path directory() {
    return repository.resolve(name);
  }

  Path data() {
    return data(directory());
  }

  static Path data(Path index) {
    return index.resolve("data");
  }

  static Path manifest(Path index) {
    return index.resolve("manifest.json");
  }

  /** Its modification time is when the index was last given to a job. */
  static Path lastUsed(Path index) {
    return index.resolve("LAST_USED");
  }

  Path lock() {
    return repository.resolve(name + LOCK);
  }

  Path use() {
    return repository.resolve(name + USE);
  }

  /** A hidden name in the same directory, so that the rename needs no other directory's rights. */
  Path hidden(String prefix) {
    return repository.resolve(
        prefix + name + "." + ProcessHandle.current().pid() + "-" + System.nanoTime());
  }

  @Override
  public String toString() {
    return directory().toString();
  }
}
