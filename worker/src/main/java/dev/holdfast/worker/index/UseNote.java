package dev.holdfast.worker.index;

import static java.util.Objects.requireNonNull;

import dev.holdfast.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The file in a run directory that names the index which its attempt uses. */
final class UseNote {
  private static final String FILE = "index";

  private UseNote() {}

  static void write(Path runDirectory, Path index) throws IOException {
    AtomicFile.write(
        runDirectory.resolve(FILE),
        (index.toAbsolutePath().normalize() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Optional<Path> read(Path runDirectory) throws IOException {
    try {
      return Optional.of(Path.of(Files.readString(runDirectory.resolve(FILE)).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** All indexes that any run directory of the worker names. */
  static Set<Path> named(Path runs) throws IOException {
    var named = new HashSet<Path>();
    if (!Files.isDirectory(runs)) {
      return named;
    }
    try (Stream<Path> notes =
        Files.find(
            runs, 3, (path, attributes) -> path.endsWith(FILE) && attributes.isRegularFile())) {
      for (Path note : notes.toList()) {
        read(requireNonNull(note.getParent())).ifPresent(named::add);
      }
    }
    return named;
  }
}
