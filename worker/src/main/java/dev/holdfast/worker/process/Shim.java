package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts shims, and ends what dead ones have left. Each call runs the binary for a moment and waits
 * for it; the supervisor that it leaves behind is no child of this process.
 */
public final class Shim {

  private static final Pattern ENDED = Pattern.compile("ended=(\\d+) remaining=(\\d+)\\s*");

  private final Path binary;

  public Shim(Path binary) {
    this.binary = binary.toAbsolutePath();
  }

  /** What came of a start. */
  public sealed interface Start {

    /** The identity is durable; the outcome, even that of a failed start, will be in exit. */
    record Launched() implements Start {}

    /** The run directory was launched before; its files tell what became of it. */
    record LaunchedBefore() implements Start {}

    /** The command did not run and never will in this directory: release the attempt. */
    record Refused(int exitCode, String message) implements Start {}
  }

  /**
   * What came of ending leftovers.
   *
   * @param ended processes that are gone now
   * @param remaining processes that could not be ended
   */
  public record Ended(int ended, int remaining) {}

  /** Starts the job described by the files {@code launch} and {@code lease} of the directory. */
  public Start start(Path runDirectory) throws IOException, InterruptedException {
    Output output = run(runDirectory.toAbsolutePath().toString());
    return switch (output.exitCode) {
      case 0 -> new Start.Launched();
      case 3 -> new Start.LaunchedBefore();
      default -> new Start.Refused(output.exitCode, output.text.strip());
    };
  }

  /**
   * Ends every process of a run whose shim is gone; after a grace of zero by KILL at once.
   *
   * @throws IllegalStateException if the shim lives (write a stop file instead) or nothing is known
   *     by which its processes could be recognised
   */
  public Ended end(Path runDirectory, Duration grace) throws IOException, InterruptedException {
    return ended(
        runDirectory,
        run("--end", runDirectory.toAbsolutePath().toString(), Long.toString(grace.toMillis())));
  }

  /** Kills whatever is in a cgroup; its directories, the one asked for its members first. */
  public Ended endCgroup(List<Path> directories) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--end-cgroup"));
    directories.forEach(directory -> arguments.add(directory.toString()));
    return ended(directories.getFirst(), run(arguments.toArray(String[]::new)));
  }

  private static Ended ended(Path where, Output output) {
    Matcher matcher = ENDED.matcher(output.text);
    if (!matcher.matches()) {
      throw new IllegalStateException(
          "Expected the number of ended processes for %s, found exit code %d: %s"
              .formatted(where, output.exitCode, output.text.strip()));
    }
    return new Ended(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  private Output run(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = binary.toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    /* What recognises a run must not be inherited from a worker that is itself a job. */
    builder.environment().clear();
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Output(process.waitFor(), text);
  }

  private record Output(int exitCode, String text) {}
}
