package dev.holdfast.drill.absence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.drill.engine.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Docker daemon for the jobs of workers on this machine. It sees the machine's processes, as a
 * worker needs it, and has its mounts to itself; it knows one small image. It can be stopped and
 * started again.
 */
final class WorkersEngine implements AutoCloseable {
  static final String IMAGE = "holdfast-drill:1";

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final List<String> PROGRAMS =
      List.of("/usr/sbin/dockerd", "/usr/bin/docker", "/usr/bin/busybox", "/usr/bin/unshare");

  private final Path home;
  private Process daemon;

  private WorkersEngine(Path home, Process daemon) {
    this.home = home;
    this.daemon = daemon;
  }

  /** Starts one, or skips the test where that cannot be. */
  static WorkersEngine start() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "a daemon of its own needs root");
    for (String program : PROGRAMS) {
      assumeTrue(Files.isExecutable(Path.of(program)), "a daemon of its own needs " + program);
    }
    // A short place, because the path of a socket has 107 bytes at most.
    Path home = Files.createTempDirectory("hf-drill-").toRealPath();
    var engine = new WorkersEngine(home, daemon(home));
    boolean ready = false;
    try {
      engine.awaitAnswer();
      engine.importImage();
      ready = true;
      return engine;
    } finally {
      if (!ready) {
        engine.close();
      }
    }
  }

  private static Process daemon(Path home) throws IOException {
    return new ProcessBuilder(
            "unshare",
            "--mount",
            "--propagation=private",
            "/usr/sbin/dockerd",
            "--data-root=" + home.resolve("data"),
            "--exec-root=" + home.resolve("exec"),
            "--pidfile=" + home.resolve("pid"),
            "--host=unix://" + home.resolve("d.sock"),
            "--cgroup-parent=" + cgroup(),
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false",
            "--ip-forward=false",
            "--ip-masq=false",
            "--storage-driver=vfs",
            "--shutdown-timeout=2",
            "--log-level=warn")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
        .start();
  }

  /** Below the name by which .ci/run finds what a killed run has left. */
  private static String cgroup() {
    return "/holdfast-" + ProcessHandle.current().pid() + "/jobs";
  }

  private void awaitAnswer() {
    await("a Docker daemon that answers, see " + home.resolve("log"))
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          shell().run(PATIENCE, "docker", "info");
          return true;
        });
  }

  private void importImage() {
    shell()
        .run(
            PATIENCE,
            "sh",
            "-c",
            """
            mkdir -p root/bin root/tmp && cp /usr/bin/busybox root/bin/busybox &&
            for tool in sh echo cat sleep; do ln -s busybox root/bin/$tool; done &&
            tar -C root -c . | docker import --change 'ENV PATH=/bin' - %s\
            """
                .formatted(IMAGE));
  }

  private Shell shell() {
    return new Shell(
        home, Map.of("DOCKER_HOST", address(), "DOCKER_CONFIG", home.resolve("client").toString()));
  }

  /** For {@code HOLDFAST_DOCKER}. */
  String address() {
    return "unix://" + home.resolve("d.sock");
  }

  /** As an operator stops it: its containers end with it. */
  void stop() throws InterruptedException {
    daemon.destroy();
    if (!daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("dockerd does not end, see " + home.resolve("log"));
    }
  }

  void startAgain() throws IOException {
    daemon = daemon(home);
    awaitAnswer();
  }

  /** Ends it, and shows that nothing of it is left. */
  @Override
  public void close() throws IOException {
    try {
      stop();
    } catch (InterruptedException e) {
      daemon.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    await("nothing to be left of " + home)
        .atMost(PATIENCE)
        .until(() -> {
          List<ProcessHandle> left = left();
          left.forEach(ProcessHandle::destroyForcibly);
          return left.isEmpty();
        });
    var shell = new Shell(Path.of("/"), Map.of());
    shell.run(PATIENCE, "rm", "-rf", "--one-file-system", home.toString());
    shell.run(
        PATIENCE,
        "sh",
        "-c",
        "for top in /sys/fs/cgroup /sys/fs/cgroup/*; do"
            + " [ ! -d $top%1$s ] || find $top%1$s -depth -type d -exec rmdir {} +; done"
                .formatted(cgroup()));
  }

  /** Containerd and the containers' supervisors name its directory. */
  private List<ProcessHandle> left() {
    var left = new ArrayList<ProcessHandle>();
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      Path commandLine = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      try {
        if (Files.readString(commandLine, ISO_8859_1).contains(home + "/")) {
          left.add(process);
        }
      } catch (IOException e) {
        // It has ended meanwhile.
      }
    }
    return left;
  }
}
