package dev.holdfast.worker.container;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.worker.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds a container's first process without the engine. Inside, a process has another pid than
 * outside, but it started at the same tick of the same clock.
 */
final class InitProcess {
  private static final Path PROC = Path.of("/proc");

  private InitProcess() {}

  /** The living process that is number 1 of a pid namespace of its own and started then. */
  static Optional<ProcessIdentity> startedAt(long startTicks) throws IOException {
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::parseLong)
          .filter(InitProcess::isFirst)
          .flatMap(pid -> ProcessIdentity.of(pid).stream())
          .filter(process -> process.startTicks() == startTicks)
          .findFirst();
    }
  }

  /** Whether its pid in the innermost of several pid namespaces is 1. */
  private static boolean isFirst(long pid) {
    try {
      return Files.readString(PROC.resolve(pid + "/status"), ISO_8859_1)
          .lines()
          .filter(line -> line.startsWith("NSpid:"))
          .map(line -> line.split("\\s+"))
          .anyMatch(words -> words.length > 2 && words[words.length - 1].equals("1"));
    } catch (IOException e) {
      return false; // it has just ended
    }
  }
}
