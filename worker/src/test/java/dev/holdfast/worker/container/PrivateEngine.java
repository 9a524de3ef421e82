package dev.holdfast.worker.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.holdfast.worker.process.ProcessIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Docker daemon of a test's own, with its own containerd, sockets, images and cgroups. It
 * leaves nothing behind: processes, mounts, cgroups, files.
 */
public final class PrivateEngine implements AutoCloseable {
  public static final String IMAGE = "holdfast-test:1";
  public static final String IMAGE_WITH_USER = "holdfast-test:agent";

  private final Path home;
  private final Path socket;
  private final String cgroup;
  private boolean liveRestore;
  private Process daemon;

  private PrivateEngine(Path home) {
    this.home = home;
    this.socket = home.resolve("d.sock");
    this.cgroup = "/" + home.getFileName();
  }

  /** Starts one, or skips the test where that cannot be. */
  public static PrivateEngine start() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "a daemon of its own needs root");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/dockerd")), "needs Docker's daemon (docker.io)");
    assumeTrue(Files.isExecutable(TestImage.BUSYBOX), "needs a static busybox (busybox-static)");
    // A short place, because the path of a socket has 107 bytes at most.
    var engine = new PrivateEngine(Files.createTempDirectory("hf-engine-"));
    engine.run(false);
    try (DockerClient client = engine.client()) {
      load(client, new TestImage(""), IMAGE);
      load(client, new TestImage("agent"), IMAGE_WITH_USER);
    }
    return engine;
  }

  private static void load(DockerClient client, TestImage image, String reference)
      throws IOException {
    client.loadImageCmd(new ByteArrayInputStream(image.archive(reference))).exec();
  }

  /** Runs the daemon, again if need be. */
  public void run(boolean withLiveRestore) throws IOException {
    liveRestore = withLiveRestore;
    var command =
        new ArrayList<>(
            List.of(
                "/usr/sbin/dockerd",
                "--data-root=" + home.resolve("data"),
                "--exec-root=" + home.resolve("exec"),
                "--host=unix://" + socket,
                "--pidfile=" + home.resolve("pid"),
                "--cgroup-parent=" + cgroup,
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false",
                "--ip-masq=false",
                "--storage-driver=vfs",
                "--shutdown-timeout=2"));
    if (liveRestore) {
      command.add("--live-restore");
    }
    // A killed process that nobody has reaped yet would be taken for a living one.
    Files.deleteIfExists(home.resolve("pid"));
    Files.deleteIfExists(home.resolve("exec/containerd/containerd.pid"));
    daemon =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
            .start();
    awaitAnswer();
  }

  private void awaitAnswer() {
    try (var calls = new Calls()) {
      var ping = new EnginePing(socket, calls, Duration.ofSeconds(5));
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .untilAsserted(() -> {
            if (!daemon.isAlive()) {
              throw new IllegalStateException("dockerd has ended: " + tailOfLog());
            }
            try {
              ping.ping();
            } catch (EngineException e) {
              throw new AssertionError(e);
            }
          });
    }
  }

  private String tailOfLog() throws IOException {
    List<String> lines = Files.readAllLines(home.resolve("log"));
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /**
   * Kills the daemon and its containerd, as a crash would; the containers' own supervisors live on.
   */
  public void kill() throws InterruptedException {
    daemon.destroyForcibly().waitFor();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          List<ProcessHandle> left =
              ours().stream()
                  .filter(process -> !commandLine(process.pid()).contains("containerd-shim"))
                  .toList();
          left.forEach(ProcessHandle::destroyForcibly);
          return left.isEmpty();
        });
  }

  /** Stops it where it stands: it accepts connections and answers none. */
  public void freeze() throws Exception {
    new ProcessBuilder("kill", "-STOP", Long.toString(daemon.pid())).start().waitFor();
  }

  public void thaw() throws Exception {
    new ProcessBuilder("kill", "-CONT", Long.toString(daemon.pid())).start().waitFor();
  }

  public EngineAddress address() {
    return EngineAddress.at(socket);
  }

  public DockerContainerEngine engine() {
    return DockerContainerEngine.at(socket, Duration.ofSeconds(20));
  }

  /** For what the tests do behind our backs. */
  public DockerClient client() {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost("unix://" + socket)
            .withDockerTlsVerify(false)
            .build();
    return DockerClientImpl.getInstance(
        config, new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
  }

  @Override
  public void close() throws Exception {
    if (daemon.isAlive()) {
      thaw();
      removeContainers();
      daemon.destroy();
      daemon.waitFor(20, TimeUnit.SECONDS);
    }
    daemon.destroyForcibly().waitFor();
    // Containerd and the containers' supervisors name our directory; so no other daemon's are hit.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          List<ProcessHandle> ours = ours();
          ours.forEach(ProcessHandle::destroyForcibly);
          return ours.isEmpty();
        });
    unmount();
    removeCgroups();
    new ProcessBuilder("rm", "-rf", "--one-file-system", home.toString()).start().waitFor();
  }

  /** So that no test meets those of another, whose worker has gone with its home. */
  public void removeContainers() {
    try (var engine = engine()) {
      engine.list(java.util.Map.of()).forEach(container -> engine.remove(container.id()));
    }
  }

  private List<ProcessHandle> ours() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process -> ProcessIdentity.of(process.pid()).isPresent())
        .filter(process -> commandLine(process.pid()).contains(home.toString() + "/"))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"), UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private void unmount() throws Exception {
    List<String> mounts =
        Files.readAllLines(Path.of("/proc/mounts")).stream()
            .map(line -> line.split(" ")[1])
            .filter(place -> place.startsWith(home + "/"))
            .sorted(Comparator.reverseOrder())
            .toList();
    for (String mount : mounts) {
      new ProcessBuilder("umount", "-l", mount).start().waitFor();
    }
  }

  private void removeCgroups() {
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      Stream.concat(Stream.of(Path.of("/sys/fs/cgroup")), hierarchies)
          .map(hierarchy -> hierarchy.resolve(cgroup.substring(1)))
          .filter(Files::isDirectory)
          .forEach(PrivateEngine::removeCgroup);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeCgroup(Path top) {
    try (Stream<Path> all = Files.walk(top)) {
      all.filter(Files::isDirectory)
          .sorted(Comparator.reverseOrder())
          .forEach(directory -> directory.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalStateException("cannot remove cgroup " + top, e);
    }
  }

  /** The only container there is. */
  public Optional<ContainerEngine.Listed> onlyContainer() {
    try (var engine = engine()) {
      return engine.list(java.util.Map.of()).stream().findFirst();
    }
  }
}
