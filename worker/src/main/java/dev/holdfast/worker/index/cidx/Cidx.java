package dev.holdfast.worker.index.cidx;

import dev.holdfast.worker.index.IndexException;
import dev.holdfast.worker.index.IndexException.Code;
import dev.holdfast.worker.index.MakingProgram;
import dev.holdfast.worker.index.Patience;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the program: no shell, a time limit, its output kept without secrets. */
final class Cidx {
  private static final Logger log = LoggerFactory.getLogger(Cidx.class);

  private static final Duration QUICK = Duration.ofMinutes(1);
  private static final long LOOK_UP_EVERY_MS = 50;
  private static final int KEPT_BYTES = 16 * 1024;

  /** What it prints when it cannot do its work for others' sake. */
  private static final Pattern SERVICE =
      Pattern.compile(
          "(?i)unreachable|connection (refused|error|reset)|(could not|cannot|failed to) connect"
              + "|timed? ?out|api[_ ]key|unauthori[sz]ed|\\b(401|403|429|50[234])\\b|rate limit"
              + "|name resolution|service.{0,40}not (running|available)");

  private final String program;
  private final Secrets secrets;

  Cidx(String program, Secrets secrets) {
    this.program = program;
    this.secrets = secrets;
  }

  /** What came of a command; the output is fit to be shown. */
  record Ran(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }

    /** Its last words. */
    String lastLine() {
      return output.lines().filter(line -> !line.isBlank()).reduce("", (a, b) -> b).strip();
    }
  }

  /** Which version it is. */
  String version(Path directory, Patience patience) throws IOException, InterruptedException {
    Ran ran = run(directory, List.of("--version"), QUICK, patience);
    return ran.succeeded() ? ran.lastLine() : "cidx of unknown version";
  }

  /** What it says of the index. Good news means nothing. */
  Ran status(Path project, Patience patience) throws IOException, InterruptedException {
    return run(project, List.of("status"), QUICK, patience);
  }

  /** Tries a remedy. */
  Ran run(Path project, Remedy remedy, Patience patience) throws IOException, InterruptedException {
    return run(project, remedy.arguments(), remedy.atMost(), patience);
  }

  /** The failure of a command, told apart by what it printed. */
  IndexException failure(List<String> arguments, Ran ran) {
    Code code = SERVICE.matcher(ran.output()).find() ? Code.SERVICE_UNREACHABLE : Code.FAILED;
    return new IndexException(
        code,
        "cidx %s exited with %d%s: %s"
            .formatted(
                String.join(" ", arguments),
                ran.exitCode(),
                code == Code.SERVICE_UNREACHABLE ? ", its service cannot be used" : "",
                ran.lastLine()));
  }

  private Ran run(Path directory, List<String> arguments, Duration atMost, Patience patience)
      throws IOException, InterruptedException {
    patience.require("cidx " + String.join(" ", arguments));
    Path output = Files.createTempFile("cidx", ".out");
    try {
      var builder = new ProcessBuilder(command(arguments)).directory(directory.toFile());
      builder.environment().clear();
      builder.environment().putAll(secrets.environment());
      MakingProgram.mark(builder, directory);
      builder
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectErrorStream(true)
          .redirectOutput(output.toFile());
      long begunNs = System.nanoTime();
      int exitCode = await(start(builder), arguments, atMost, patience);
      var ran = new Ran(exitCode, secrets.mask(end(output)));
      log.info(
          "cidx {} exited with {} after {} ms: {}",
          String.join(" ", arguments),
          exitCode,
          (System.nanoTime() - begunNs) / 1_000_000,
          ran.lastLine());
      log.debug("cidx {} printed: {}", arguments, ran.output());
      return ran;
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private List<String> command(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(program);
    command.addAll(arguments);
    return command;
  }

  private Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IndexException(
          Code.TOOL_MISSING,
          "the program %s cannot be started on this worker; install it or set HOLDFAST_CIDX"
              .formatted(program));
    }
  }

  private static int await(
      Process process, List<String> arguments, Duration atMost, Patience patience)
      throws InterruptedException {
    var limit = Patience.of(atMost, patience.cancelled());
    try {
      while (!process.waitFor(LOOK_UP_EVERY_MS, TimeUnit.MILLISECONDS)) {
        if (limit.over() || patience.over()) {
          throw new IndexException(
              patience.over() ? Code.GIVEN_UP : Code.FAILED,
              "cidx %s did not end in time and was ended".formatted(String.join(" ", arguments)));
        }
      }
      return process.exitValue();
    } finally {
      // What it started itself must not go on in a directory that is about to be deleted.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String end(Path file) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
      bytes.seek(Math.max(0, bytes.length() - KEPT_BYTES));
      var kept = new byte[(int) (bytes.length() - bytes.getFilePointer())];
      bytes.readFully(kept);
      return new String(kept, StandardCharsets.UTF_8);
    }
  }
}
