package dev.holdfast.drill.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs of this machine to their end.
 *
 * @param environment set for each, beside this process's own
 * @param directory where each is run
 */
public record Shell(Path directory, Map<String, String> environment) {
  public Shell {
    environment = Map.copyOf(environment);
  }

  /**
   * Runs a program and returns what it wrote.
   *
   * @throws IllegalStateException with what it wrote, if it fails or takes too long
   */
  public String run(Duration atMost, String... command) {
    try {
      Path output = Files.createTempFile("holdfast-output", ".txt");
      try {
        return run(atMost, List.of(command), output);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command[0], e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String run(Duration atMost, List<String> command, Path output)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    boolean ended = false;
    try {
      ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    }
    String text = Files.readString(output);
    if (!ended || process.exitValue() != 0) {
      throw new IllegalStateException(
          "%s %s:\n%s"
              .formatted(
                  String.join(" ", command),
                  ended ? "ended with " + process.exitValue() : "took longer than " + atMost,
                  text));
    }
    return text;
  }
}
