package dev.holdfast.standalone.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A clone of the repository with the real launcher, one old source file, and a PATH whose java and
 * mvn are scripts: java prints its arguments, one to a line, and mvn counts its runs and produces
 * an image that holds the run's number.
 */
final class FakeClone {

  /** What a launcher did, once it has ended. */
  record Outcome(int exitCode, String stdout, String stderr) {

    /** The arguments that java was started with. */
    List<String> javaArguments() {
      return stdout.lines().toList();
    }
  }

  private static final Path REAL_LAUNCHER = Path.of("..", "holdfast");

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  FakeClone(Path folder) throws IOException {
    this.folder = folder.toRealPath();
    var launcher = Files.createDirectories(home()).resolve("holdfast");
    Files.copy(REAL_LAUNCHER, launcher);
    for (var file : List.of(home().resolve("pom.xml"), source())) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
    }
    makeEverythingOld();
    script(
        tools().resolve("mvn"),
        """
        echo run >>"%1$s/mvn-runs"
        mkdir -p standalone/target/app/lib
        grep -c run "%1$s/mvn-runs" >standalone/target/app/lib/holdfast.jar
        """
            .formatted(this.folder));
    environment.put("HOME", this.folder.toString());
    environment.put("JAVA_HOME", jdk("25.0.3").toString());
    environment.put("PATH", tools() + ":/usr/bin:/bin");
  }

  /** The clone's root. */
  Path home() {
    return folder.resolve("clone");
  }

  Path source() {
    return home().resolve("worker/src/main/java/Worker.java");
  }

  /** The folder that is first on the PATH. */
  Path tools() {
    return folder.resolve("tools");
  }

  /** A folder that looks like a JDK of the given version. */
  Path jdk(String version) throws IOException {
    var jdk = folder.resolve("jdk-" + version);
    script(jdk.resolve("bin/java"), "printf '%s\\n' \"$0\" \"$@\"\n");
    script(jdk.resolve("bin/javac"), "exit 1\n");
    Files.writeString(
        jdk.resolve("release"),
        """
        IMPLEMENTOR="Nobody"
        JAVA_VERSION="%s"
        """
            .formatted(version));
    return jdk;
  }

  FakeClone with(String variable, Object value) {
    environment.put(variable, value.toString());
    return this;
  }

  FakeClone without(String variable) {
    environment.remove(variable);
    return this;
  }

  /** Replaces a tool or a JDK's program by a shell script. */
  void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** How often mvn was run. */
  long builds() throws IOException {
    var runs = folder.resolve("mvn-runs");
    return Files.exists(runs) ? Files.readAllLines(runs).size() : 0;
  }

  /** The content of the main jar that a launcher handed to java. */
  static String imageRunBy(Outcome outcome) throws IOException {
    var arguments = outcome.javaArguments();
    return Files.readString(jarIn(arguments)).strip();
  }

  static Path jarIn(List<String> javaArguments) {
    return Path.of(javaArguments.get(javaArguments.indexOf("-jar") + 1));
  }

  Outcome launch(String... arguments) throws Exception {
    return launch(home(), "./holdfast", arguments);
  }

  Outcome launch(Path directory, String launcher, String... arguments) throws Exception {
    return outcome(start(directory, launcher, arguments));
  }

  Process start(Path directory, String launcher, String... arguments) throws IOException {
    var command = Stream.concat(Stream.of(launcher), Stream.of(arguments)).toList();
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  static Outcome outcome(Process launcher) throws Exception {
    launcher.getOutputStream().close();
    var stdout = new String(launcher.getInputStream().readAllBytes(), UTF_8);
    var stderr = new String(launcher.getErrorStream().readAllBytes(), UTF_8);
    if (!launcher.waitFor(30, SECONDS)) {
      throw new AssertionError("The launcher closed its output but did not end within 30 s");
    }
    return new Outcome(launcher.exitValue(), stdout, stderr);
  }

  private void makeEverythingOld() throws IOException {
    var longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    try (var files = Files.walk(home())) {
      for (var file : files.toList()) {
        Files.setLastModifiedTime(file, longAgo);
      }
    }
  }
}
