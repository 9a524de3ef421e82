package dev.holdfast.worker.workspace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A JVM of its own that works in one worker's directory on demand, to be killed while it does. Its
 * main method says {@code ready}, then for each line of its input prepares a workspace ({@code
 * prepare JOB [COMMIT]}) or bundles its changes ({@code collect JOB}), and says {@code done}.
 */
record PreparingProcess(Process process, BufferedReader output) implements AutoCloseable {

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    Path root = Path.of(args[1]);
    var lane =
        new WorkspaceFixture(root, new SourceRepository(root), WorkspaceFixture.workspaces(root));
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    out.println("ready");
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ");
      if (words[0].equals("collect")) {
        lane.collect(lane.workspaces().prepared(lane.workspaceDir(words[1])).orElseThrow());
      } else {
        Optional<String> commit = words.length > 2 ? Optional.of(words[2]) : Optional.empty();
        lane.prepare(words[1], new RepositoryRef(args[0], commit));
      }
      out.println("done");
    }
  }

  /** Starts one in a worker's directory. */
  static PreparingProcess start(VictimClasses classes, String url, Path lane) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Xshare:auto",
                "-Xlog:disable",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + classes.archive(),
                "-Dfile.encoding=UTF-8",
                "-Dsun.jnu.encoding=UTF-8",
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                classes.classPath(),
                PreparingProcess.class.getName(),
                url,
                lane.toString()));
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new PreparingProcess(process, process.inputReader(StandardCharsets.UTF_8));
  }

  void awaitReady() throws IOException {
    if (!said("ready")) {
      throw new AssertionError("the preparing process ended before it was ready");
    }
  }

  void order(String order) throws IOException {
    process.getOutputStream().write((order + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Whether what was ordered is complete; false if the process died before. */
  boolean awaitDone() throws IOException {
    return said("done");
  }

  private boolean said(String word) throws IOException {
    String said = output.readLine();
    while (said != null && !said.equals(word)) {
      said = output.readLine();
    }
    return said != null;
  }

  /** Whether it has said something that was not read yet, or is gone. */
  boolean hasNews() throws IOException {
    return output.ready() || !process.isAlive();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Lets it end by itself. */
  void finish() throws IOException, InterruptedException {
    process.getOutputStream().close();
    process.waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
