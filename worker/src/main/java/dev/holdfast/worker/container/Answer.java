package dev.holdfast.worker.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file {@code answer}: a byte, zero if the shim has launched the job, and what it says. */
final class Answer {
  static final String FILE = "answer";

  private Answer() {}

  /** Why the shim launched nothing; empty if it did, or has not come to answer. */
  static Optional<String> of(Path runDirectory) throws IOException {
    Path file = runDirectory.resolve(FILE);
    byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    return bytes.length == 0 || bytes[0] == 0
        ? Optional.empty()
        : Optional.of(new String(bytes, 1, bytes.length - 1, UTF_8));
  }
}
