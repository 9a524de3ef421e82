package dev.holdfast.worker.index.cidx;

import dev.holdfast.worker.index.IndexFixture;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A program that behaves as {@code cidx} is known to, and tells what was asked of it. */
public final class CidxStandIn {
  public static final String KEY = "pa-very-secret";

  private final Path directory;
  private final Path program;

  public CidxStandIn(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.program = directory.resolve("cidx");
    try (InputStream script =
        Objects.requireNonNull(CidxStandIn.class.getResourceAsStream("cidx-stand-in.sh"))) {
      Files.copy(script, program);
    }
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  public CidxIndex index() {
    return new CidxIndex(program.toString(), environment(), InstantSource.system());
  }

  Cidx cidx() {
    return new Cidx(program.toString(), Secrets.of(environment()));
  }

  /** In a JVM of its own, as a worker that can be killed. */
  Process makeIn(IndexFixture fixture, PreparedWorkspace workspace, Path runDirectory)
      throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            CidxMaker.class.getName(),
            fixture.indexes().toString(),
            program.toString(),
            runDirectory.toString(),
            workspace.mirror().toString(),
            workspace.baseCommit());
    builder.environment().putAll(environment());
    return builder
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("maker.log").toFile())
        .start();
  }

  private Map<String, String> environment() {
    var environment = new TreeMap<>(System.getenv());
    environment.put("CIDX_STAND_IN", directory.toString());
    environment.put("VOYAGE_API_KEY", KEY);
    return environment;
  }

  public CidxStandIn with(String option) throws IOException {
    Files.writeString(directory.resolve(option), "");
    return this;
  }

  public CidxStandIn without(String option) throws IOException {
    Files.delete(directory.resolve(option));
    return this;
  }

  /** Whether this was run, and not asked about since. */
  boolean hasBegun(String command) throws IOException {
    Path file = directory.resolve("log");
    return Files.exists(file) && Files.readAllLines(file).contains(command);
  }

  /** What was run since this was last asked. */
  public List<String> commands() throws IOException {
    return taken("log");
  }

  /** What was embedded since this was last asked. */
  public List<String> embedded() throws IOException {
    return taken("embedded");
  }

  private List<String> taken(String name) throws IOException {
    Path file = directory.resolve(name);
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    Files.deleteIfExists(file);
    return lines;
  }
}
