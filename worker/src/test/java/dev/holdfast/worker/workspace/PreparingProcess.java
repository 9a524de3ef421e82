package dev.holdfast.worker.workspace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A JVM of its own that prepares workspaces on demand, to be killed while it does. Its main method
 * says {@code ready}, then prepares, for each line of its input, the workspace of that name in each
 * of its lanes at once, and says {@code done}. A lane is a worker's directory, mirror and all.
 */
record PreparingProcess(Process process, BufferedReader output) implements AutoCloseable {

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    RepositoryRef repository = new RepositoryRef(args[0], Optional.empty());
    List<WorkspaceFixture> lanes =
        Arrays.stream(args).skip(1).map(Path::of).map(PreparingProcess::lane).toList();
    BufferedReader jobs =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    out.println("ready");
    for (String job = jobs.readLine(); job != null; job = jobs.readLine()) {
      String name = job;
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        lanes.forEach(lane -> threads.execute(() -> lane.prepare(name, repository)));
      }
      out.println("done");
    }
  }

  private static WorkspaceFixture lane(Path root) {
    return new WorkspaceFixture(
        root, new SourceRepository(root), WorkspaceFixture.workspaces(root));
  }

  /** Starts one; {@code classCache} makes the next one start faster, if this one ends by itself. */
  static PreparingProcess start(List<Path> lanes, String url, Path classCache) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Xshare:auto",
                "-Xlog:disable",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + classCache,
                "-Dfile.encoding=UTF-8",
                "-Dsun.jnu.encoding=UTF-8",
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                PreparingProcess.class.getName(),
                url));
    lanes.forEach(lane -> command.add(lane.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new PreparingProcess(process, process.inputReader(StandardCharsets.UTF_8));
  }

  void awaitReady() throws IOException {
    String said = output.readLine();
    while (said != null && !said.equals("ready")) {
      said = output.readLine();
    }
    if (said == null) {
      throw new AssertionError("the preparing process ended before it was ready");
    }
  }

  void prepare(String job) throws IOException {
    process.getOutputStream().write((job + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Whether the workspace was complete; false if the process died before. */
  boolean awaitDone() throws IOException {
    String said = output.readLine();
    while (said != null && !said.equals("done")) {
      said = output.readLine();
    }
    return said != null;
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
