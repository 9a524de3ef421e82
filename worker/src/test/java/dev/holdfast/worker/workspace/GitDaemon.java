package dev.holdfast.worker.workspace;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real {@code git daemon} on a free port of the loopback interface. */
public record GitDaemon(Process process, int port) implements AutoCloseable {

  public static GitDaemon serve(Path directory) throws IOException {
    return serve(directory, freePort());
  }

  public static GitDaemon serve(Path directory, int port) throws IOException {
    // Started by its own name: "git daemon" would be a parent whose death it survives.
    String binary = GitCli.git(directory, "--exec-path") + "/git-daemon";
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                binary,
                "--listen=127.0.0.1",
                "--port=" + port,
                "--base-path=" + directory,
                "--export-all",
                "--reuseaddr",
                directory.toString()));
    GitCli.isolate(builder.environment());
    GitDaemon daemon =
        new GitDaemon(
            builder
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start(),
            port);
    await().atMost(Duration.ofSeconds(20)).until(daemon::answers);
    return daemon;
  }

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  public String url(String path) {
    return "git://127.0.0.1:" + port + "/" + path;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
