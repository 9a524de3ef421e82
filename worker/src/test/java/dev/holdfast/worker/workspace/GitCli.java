package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The real git command line, with no configuration but the repository's own. */
final class GitCli {

  private GitCli() {}

  record Outcome(int exitCode, String output) {}

  /** Runs git and returns what it printed; fails the test if git fails. */
  static String git(Path directory, String... arguments) {
    Outcome outcome = tryGit(directory, arguments);
    if (outcome.exitCode() != 0) {
      throw new AssertionError("git " + String.join(" ", arguments) + ": " + outcome.output());
    }
    return outcome.output();
  }

  static Outcome tryGit(Path directory, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(Arrays.asList(arguments));
    return run(directory, command);
  }

  static Outcome run(Path directory, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    isolate(builder.environment());
    try {
      Path printed = Files.createTempFile("git", ".out");
      try {
        int exitCode =
            builder.redirectErrorStream(true).redirectOutput(printed.toFile()).start().waitFor();
        return new Outcome(exitCode, Files.readString(printed, StandardCharsets.UTF_8).strip());
      } finally {
        Files.delete(printed);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static void isolate(Map<String, String> environment) {
    environment.keySet().removeIf(name -> name.startsWith("GIT_"));
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("GIT_CONFIG_SYSTEM", "/dev/null");
    environment.put("LC_ALL", "C.UTF-8");
  }
}
