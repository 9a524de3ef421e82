package dev.holdfast.worker.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What is in a directory. */
final class Entries {
  private Entries() {}

  /** All of it, by name; nothing if there is no such directory. */
  static List<Path> of(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  static String name(Path entry) {
    return entry.getFileName().toString();
  }

  static boolean hidden(Path entry) {
    return name(entry).startsWith(".");
  }

  static boolean isDirectory(Path entry) {
    return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether it was last changed longer ago than that. */
  static boolean olderThan(Path entry, Duration age, Instant now) throws IOException {
    Instant changed = Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toInstant();
    return changed.plus(age).isBefore(now);
  }
}
