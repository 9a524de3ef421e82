package dev.holdfast.worker.disk;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel knows of who uses a path: processes that work in it, run from it or have
 * something in it open, and locks. Processes of other users show only to root; a worker that is not
 * root runs its jobs as itself, and so sees them.
 */
final class LivingUse {
  private static final String DELETED = " (deleted)";

  private final Path proc;

  LivingUse() {
    this(Path.of("/proc"));
  }

  LivingUse(Path proc) {
    this.proc = proc;
  }

  /** Who uses it, or something in it; empty if nobody does. */
  Optional<String> of(Path thing) throws IOException {
    if (!Files.exists(thing, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Path directory = requireNonNull(thing.toAbsolutePath().getParent());
    Path real =
        Files.isSymbolicLink(thing)
            ? directory.toRealPath().resolve(thing.getFileName())
            : thing.toRealPath();
    return byProcess(real).or(() -> byLock(real));
  }

  private Optional<String> byProcess(Path real) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        for (String link : new String[] {"cwd", "exe", "root"}) {
          if (pointsInto(process.resolve(link), real)) {
            return Optional.of("process " + process.getFileName() + " has its " + link + " in it");
          }
        }
        if (hasOpen(process.resolve("fd"), real)) {
          return Optional.of("process " + process.getFileName() + " has it open");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean hasOpen(Path descriptors, Path real) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : all) {
        if (pointsInto(descriptor, real)) {
          return true;
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // The process has just ended, or is another user's.
      return false;
    }
    return false;
  }

  private static boolean pointsInto(Path link, Path real) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/")
          && !target.endsWith(DELETED)
          && Path.of(target).startsWith(real);
    } catch (IOException | java.nio.file.InvalidPathException e) {
      return false;
    }
  }

  /** By inode alone: some file systems give two numbers for one device, and none is risked. */
  private Optional<String> byLock(Path real) {
    try {
      Set<String> locked = new HashSet<>();
      for (String line : Files.readAllLines(proc.resolve("locks"))) {
        String[] words = line.strip().split("\\s+");
        for (String word : words) {
          if (word.matches("[0-9a-f]+:[0-9a-f]+:[0-9]+")) {
            locked.add(word.substring(word.lastIndexOf(':') + 1));
          }
        }
      }
      String inode = Files.getAttribute(real, "unix:ino", LinkOption.NOFOLLOW_LINKS).toString();
      return locked.contains(inode) ? Optional.of("somebody holds a lock on it") : Optional.empty();
    } catch (IOException e) {
      return Optional.of("whether it is locked cannot be told: " + e);
    }
  }
}
