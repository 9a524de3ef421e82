package dev.holdfast.standalone.supervise;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code DIR/pids/NAME.pid}: one number and a line feed, written by the process itself. */
record PidFile(Path path) {

  private static final String SUFFIX = ".pid";

  static PidFile of(Path dataDir, String name) {
    return new PidFile(directory(dataDir).resolve(name + SUFFIX));
  }

  static Path directory(Path dataDir) {
    return dataDir.resolve("pids");
  }

  /** Names of all children that have a pid file, alive or not. */
  static List<String> names(Path dataDir) {
    try (Stream<Path> files = Files.list(directory(dataDir))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(SUFFIX))
          .map(file -> file.substring(0, file.length() - SUFFIX.length()))
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the pid files in " + directory(dataDir), e);
    }
  }

  /** Empty when there is no file or no pid in it: such a file identifies nothing. */
  Optional<Long> read() {
    try {
      return Optional.of(Long.parseLong(Files.readString(path).strip()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  boolean names(long pid) {
    return read().filter(written -> written == pid).isPresent();
  }

  /** Removes the file of a process that has ended, unless its successor has written its own. */
  void removeIfNames(long pid) {
    if (!names(pid)) {
      return;
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Left behind, on a disk that refuses even this, it identifies nobody: readers check the
      // process.
    }
  }
}
