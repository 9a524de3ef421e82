package dev.holdfast.worker.workspace;

import static java.util.Objects.requireNonNull;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.worker.process.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Names the operation under way in a file of its own, which appears before the operation's first
 * write and goes after its last. Whoever finds one, and is the only one who may write there, knows
 * that a process died in the middle.
 */
final class Journal {

  private final Path file;

  Journal(Path file) {
    this.file = file;
  }

  /** What may be cut in the middle. */
  enum Operation {
    CLONE,
    FETCH,
    /** A damaged mirror gives way to its finished successor. */
    SWAP,
    CHECKOUT,
    BUNDLE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A record that was found. */
  record Cut(Operation operation, String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  /** An operation under way; closing it says that it came to an end, a good one or not. */
  interface Entry extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /** What a process that is gone had begun here, if anything. */
  Optional<Cut> cut() throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    return Arrays.stream(Operation.values())
        .filter(operation -> text.startsWith(operation.word() + " "))
        .findFirst()
        .map(operation -> new Cut(operation, text));
  }

  /** Durable before it returns; what is written down already gives way. */
  Entry begin(Operation operation, String about) throws IOException {
    String text = "%s of %s, begun by %s\n".formatted(operation.word(), about, here());
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    return this::clear;
  }

  /** Nothing is under way here any more. */
  void clear() throws IOException {
    Files.deleteIfExists(file);
    Path directory = requireNonNull(file.toAbsolutePath().getParent());
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> halves =
        Files.newDirectoryStream(directory, file.getFileName() + ".*.tmp")) {
      for (Path half : halves) {
        Files.deleteIfExists(half);
      }
    }
  }

  /** This process, so that no other can be taken for it, and the time, for people. */
  static String here() {
    ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
    return "pid %d (start %d, boot %s) at %s"
        .formatted(self.pid(), self.startTicks(), self.bootId(), Instant.now());
  }
}
