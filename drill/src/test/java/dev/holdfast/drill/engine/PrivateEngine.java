package dev.holdfast.drill.engine;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Docker daemon in namespaces of its own. Closing it proves that nothing of it is left. */
public final class PrivateEngine implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofSeconds(30);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");

  private final Path directory;
  private final String name;
  private final EngineNetwork network;
  private final Process process;

  private PrivateEngine(Path directory, String name, EngineNetwork network, Process process) {
    this.directory = directory;
    this.name = name;
    this.network = network;
    this.process = process;
  }

  /**
   * Starts a daemon and waits until it answers.
   *
   * @throws EngineUnavailable if it ends instead
   */
  public static PrivateEngine start() throws IOException {
    Path directory = Files.createTempDirectory("holdfast-engine").toRealPath();
    // The name by which .ci/run, too, finds what a killed run has left.
    String name = "holdfast-" + ProcessHandle.current().pid();
    EngineNetwork network = EngineNetwork.create(name);
    var engine = new PrivateEngine(directory, name, network, daemon(directory, name));
    boolean started = false;
    try {
      await("a Docker daemon that answers, see " + directory.resolve("daemon.log"))
          .atMost(START)
          .until(engine::answers);
      started = true;
      return engine;
    } finally {
      if (!started) {
        engine.close();
      }
    }
  }

  private static Process daemon(Path directory, String name) throws IOException {
    List<String> command =
        List.of(
            "nsenter",
            "--net=" + EngineNetwork.handle(name),
            "unshare",
            "--mount",
            "--propagation=private",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "dockerd",
            "--data-root=" + directory.resolve("data"),
            "--exec-root=" + directory.resolve("exec"),
            "--pidfile=" + directory.resolve("daemon.pid"),
            "--host=unix://" + directory.resolve("socket"),
            "--config-file=" + Files.writeString(directory.resolve("daemon.json"), "{}"),
            "--cgroup-parent=/" + name,
            "--log-level=warn");
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("daemon.log").toFile())
        .start();
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new EngineUnavailable("no Docker daemon runs here:\n" + log());
    }
    try {
      docker("info");
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("daemon.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The address at which published ports of containers answer. */
  public String host() {
    return network.inside();
  }

  /** A shell whose docker and docker-compose are this engine's. */
  public Shell shell(Path where, Map<String, String> more) {
    var environment = new HashMap<>(more);
    environment.put("DOCKER_HOST", dockerHost());
    environment.put("DOCKER_CONFIG", directory.resolve("client").toString());
    // The plain builder: newer clients look for a plug-in otherwise.
    environment.put("DOCKER_BUILDKIT", "0");
    environment.put("COMPOSE_DOCKER_CLI_BUILD", "0");
    return new Shell(where, environment);
  }

  public String dockerHost() {
    return "unix://" + directory.resolve("socket");
  }

  public String docker(String... arguments) {
    var command = Stream.concat(Stream.of("docker"), Stream.of(arguments)).toArray(String[]::new);
    return shell(directory, Map.of()).run(Duration.ofMinutes(5), command).strip();
  }

  /** Kills the first process of a container with signal 9, as a crash does, not as an operator. */
  public void crash(String container) {
    String pid = docker("inspect", "--format", "{{.State.Pid}}", container);
    if (pid.equals("0")) {
      // To kill(1), 0 is the whole group that this test is in.
      throw new IllegalStateException(container + " should run, and does not");
    }
    long daemon = process.children().findFirst().orElseThrow().pid();
    new Shell(directory, Map.of())
        .run(MOMENT, "nsenter", "--target", "" + daemon, "--pid", "--mount", "kill", "-9", pid);
  }

  /**
   * Ends the daemon, and with it every container.
   *
   * @throws IllegalStateException if anything is left
   */
  @Override
  public void close() {
    try {
      process.children().forEach(ProcessHandle::destroy);
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    network.close();
    await("nothing to be left of " + name).atMost(MOMENT).ignoreExceptions().until(this::isGone);
  }

  private boolean isGone() throws IOException {
    if (Files.readString(Path.of("/proc/mounts")).contains(directory.toString())) {
      return false;
    }
    delete(directory);
    try (Stream<Path> groups = Files.list(CONTROL_GROUPS)) {
      for (Path hierarchy : groups.filter(Files::isDirectory).toList()) {
        removeGroups(hierarchy.resolve(name));
      }
    }
    removeGroups(CONTROL_GROUPS.resolve(name));
    return network.isGone();
  }

  /** Folders only: the files of a control group are not for deleting. */
  private static void removeGroups(Path group) throws IOException {
    if (Files.exists(group)) {
      try (Stream<Path> tree = Files.walk(group)) {
        for (Path each :
            tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private static void delete(Path directory) {
    if (Files.exists(directory)) {
      try (Stream<Path> tree = Files.walk(directory)) {
        for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
