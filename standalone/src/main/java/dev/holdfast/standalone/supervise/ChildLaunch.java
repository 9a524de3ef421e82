package dev.holdfast.standalone.supervise;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Starts processes with a pid file, a log file, a session and an identity of their own. */
final class ChildLaunch {

  private static final long ROTATE_ABOVE_BYTES = 10 * 1024 * 1024;

  /**
   * The process writes its own pid file and then becomes the program, keeping its pid: the file is
   * there before the program is, whatever happens to the supervisor meanwhile. {@code setsid} keeps
   * the pid as well, because a process forked by a JVM never leads a process group.
   */
  private static final String WRITE_PID_THEN_BECOME =
      "printf '%s\\n' \"$$\" > \"$0.tmp\" && mv -f \"$0.tmp\" \"$0\" && exec \"$@\"";

  private static final Duration LOOK_FOR_PID_FILE_EVERY = Duration.ofMillis(2);

  private final Path dataDir;
  private final boolean setsidPresent;

  ChildLaunch(Path dataDir) {
    this.dataDir = dataDir;
    this.setsidPresent = onPath("setsid");
  }

  /** Environment entries by which a later supervisor recognises the process. */
  static List<String> identity(Path dataDir, String name) {
    return List.of("HOLDFAST_DATA=" + dataDir, "HOLDFAST_ROLE=" + name);
  }

  boolean givesOwnSession() {
    return setsidPresent;
  }

  /** Returns when the pid file names the process, or when the process has ended already. */
  ChildProcess start(ChildSpec spec) throws IOException, InterruptedException {
    Path log = ChildLog.path(dataDir, spec.name());
    Files.createDirectories(dataDir.resolve("logs"));
    rotate(log);
    Files.createDirectories(PidFile.directory(dataDir));

    ProcessBuilder builder =
        new ProcessBuilder(command(spec))
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    environment.putAll(spec.environment());
    environment.put("HOLDFAST_DATA", dataDir.toString());
    environment.put("HOLDFAST_ROLE", spec.name());
    ChildProcess process = new ChildProcess.Own(builder.start());
    PidFile pidFile = PidFile.of(dataDir, spec.name());
    while (!pidFile.names(process.pid()) && !process.ended(LOOK_FOR_PID_FILE_EVERY)) {
      continue;
    }
    return process;
  }

  private List<String> command(ChildSpec spec) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", WRITE_PID_THEN_BECOME));
    command.add(PidFile.of(dataDir, spec.name()).path().toString());
    if (setsidPresent) {
      command.add("setsid");
    }
    command.addAll(spec.command());
    return command;
  }

  private static void rotate(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > ROTATE_ABOVE_BYTES) {
      Path previous = log.resolveSibling(log.getFileName() + ".1");
      Files.move(log, previous, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static boolean onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return Stream.of(path.split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
