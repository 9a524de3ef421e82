package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/**
 * Judges a mirror under its lock, cheaply enough for every use: each pack ends as its index says,
 * each ref names an object that can be read. Damage inside an object shows at checkout.
 */
final class MirrorHealth {

  private static final int HASH_BYTES = 20;

  /** How JGit, and git, begin the names of files they have not finished. */
  private static final List<String> TEMPORARY = List.of("incoming_", "noz", "insert_", "tmp_");

  private MirrorHealth() {}

  /**
   * Removes what a process that died in the middle of a fetch left behind. The caller holds the
   * mirror's lock, so no worker owns any of it; what another living process may own stays.
   *
   * @return the names of what was removed
   */
  static List<String> sweep(Path mirror) throws IOException {
    List<Path> leftovers;
    try (Stream<Path> files = Files.walk(mirror)) {
      leftovers = files.filter(file -> isLeftover(mirror, file)).toList();
    }
    if (!leftovers.isEmpty()) {
      StaleLocks.requireNobody(mirror, leftovers);
    }
    for (Path leftover : leftovers) {
      FileTrees.delete(leftover);
    }
    return leftovers.stream().map(file -> mirror.relativize(file).toString()).toList();
  }

  /** Names of temporary files count among the objects only: a branch may be called tmp_x. */
  private static boolean isLeftover(Path mirror, Path file) {
    Path inMirror = mirror.relativize(file);
    if (inMirror.startsWith("refs")) {
      return StaleLocks.isLock(file) || isEmptyFile(file);
    }
    String name = file.getFileName().toString();
    return StaleLocks.isLock(file)
        || (inMirror.startsWith("objects")
            && (TEMPORARY.stream().anyMatch(name::startsWith)
                || isEmptyObject(inMirror, file)
                || isPackWithoutIndex(file)));
  }

  /** No loose object is empty: what a power cut emptied counts as missing, so it is fetched. */
  private static boolean isEmptyObject(Path inMirror, Path file) {
    return inMirror.getNameCount() == 3 && ObjectId.isId(hex(inMirror)) && isEmptyFile(file);
  }

  private static String hex(Path inMirror) {
    return inMirror.getName(1).toString() + inMirror.getName(2);
  }

  /** Git and JGit give a pack its index last: without it nobody can read the pack. */
  private static boolean isPackWithoutIndex(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".pack")
        && !Files.exists(file.resolveSibling(name.replaceAll("pack$", "idx")));
  }

  private static boolean isEmptyFile(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** What is wrong with the mirror, or empty. */
  static Optional<String> damage(Path mirror) {
    if (!Files.isRegularFile(mirror.resolve("HEAD"))
        || !Files.isDirectory(mirror.resolve("objects"))) {
      return Optional.of("it is not a git repository");
    }
    try {
      Optional<String> pack = damagedPack(mirror.resolve("objects/pack"));
      return pack.isPresent() ? pack : damagedRef(mirror);
    } catch (IOException | RuntimeException e) {
      // JGit throws unchecked exceptions for some malformed files.
      return Optional.of("it cannot be read: " + e);
    }
  }

  private static Optional<String> damagedPack(Path packs) throws IOException {
    if (!Files.isDirectory(packs)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> indexes = Files.newDirectoryStream(packs, "*.idx")) {
      for (Path index : indexes) {
        String name = index.getFileName().toString();
        Path pack = packs.resolve(name.substring(0, name.length() - "idx".length()) + "pack");
        if (!Arrays.equals(hashAt(index, 2 * HASH_BYTES), hashAt(pack, HASH_BYTES))) {
          return Optional.of("pack " + pack.getFileName() + " does not end as its index says");
        }
      }
    }
    return Optional.empty();
  }

  /** The hash that starts so many bytes before the file's end; empty when there is no such file. */
  private static byte[] hashAt(Path path, int beforeEnd) throws IOException {
    if (!Files.isRegularFile(path) || Files.size(path) < beforeEnd) {
      return new byte[0];
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] hash = new byte[HASH_BYTES];
      file.seek(file.length() - beforeEnd);
      file.readFully(hash);
      return hash;
    }
  }

  private static Optional<String> damagedRef(Path mirror) throws IOException {
    try (Repository repository = Mirror.open(mirror);
        ObjectReader reader = repository.newObjectReader()) {
      for (Ref ref : repository.getRefDatabase().getRefs()) {
        if (ref.getObjectId() != null) {
          try {
            reader.open(ref.getObjectId());
          } catch (IOException e) {
            return Optional.of("%s: %s".formatted(ref.getName(), e.getMessage()));
          }
        }
      }
    }
    return Optional.empty();
  }
}
