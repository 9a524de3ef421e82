package dev.holdfast.worker.keep;

import dev.holdfast.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which state of an attempt's work the cell has; a file of its run directory. */
record KeptState(Path file) {

  static KeptState of(Path runDirectory) {
    return new KeptState(runDirectory.resolve("work-kept"));
  }

  Optional<String> read() {
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    } catch (IOException e) {
      // Storing it once more costs bytes, nothing else.
      return Optional.empty();
    }
  }

  void write(String state) throws IOException {
    AtomicFile.write(file, state + "\n");
  }
}
