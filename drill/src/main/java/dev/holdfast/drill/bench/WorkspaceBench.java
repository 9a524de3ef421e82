package dev.holdfast.drill.bench;

import dev.holdfast.worker.workspace.GitSettings;
import dev.holdfast.worker.workspace.GitWorkspaces;
import dev.holdfast.worker.workspace.RepositoryRef;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a workspace costs, against what git itself offers, on one repository and in one run: time
 * and disk. Arguments: a directory for its data.
 */
public final class WorkspaceBench {
  private static final int COMMITS = 3_000;
  private static final int FILES = 2_000;
  private static final int LINES = 100;
  private static final int ROUNDS = 9;

  private final Path root;
  private final Path source;

  private WorkspaceBench(Path root) {
    this.root = root;
    this.source = root.resolve("source.git");
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Path root =
        args.length > 0
            ? Files.createDirectories(Path.of(args[0])).toRealPath()
            : Files.createTempDirectory("holdfast-workspaces").toRealPath();
    new WorkspaceBench(root).run();
  }

  /** One way to a work tree. */
  private interface Way {
    void to(Path workTree) throws IOException, InterruptedException;
  }

  private void run() throws IOException, InterruptedException {
    makeSource();
    var workspaces =
        new GitWorkspaces(
            new GitSettings(
                root.resolve("mirrors"), Duration.ofSeconds(30), root.resolve("no-ssh")),
            InstantSource.system());
    var repository = new RepositoryRef(source.toString(), Optional.empty());
    long began = System.nanoTime();
    workspaces.prepare(root.resolve("first/work"), repository, "holdfast/first", () -> false);
    System.out.printf("first workspace, mirror included     %6d ms%n", millisSince(began));
    Way holdfast =
        tree -> workspaces.prepare(tree, repository, "holdfast/" + name(tree), () -> false);
    Way clone = tree -> git(root, "clone", "-q", "--local", source.toString(), tree.toString());
    Way worktree =
        tree -> git(source, "worktree", "add", "-q", "-b", name(tree), tree.toString(), "main");
    List<Way> ways = List.of(holdfast, clone, worktree);
    List<String> names = List.of("Holdfast workspace", "git clone --local", "git worktree add");
    long[][] took = new long[ways.size()][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int way = 0; way < ways.size(); way++) {
        Path tree = Files.createDirectories(root.resolve("trees/" + way)).resolve("w" + round);
        long start = System.nanoTime();
        ways.get(way).to(tree);
        took[way][round] = millisSince(start);
      }
    }
    long base = median(took[1]);
    for (int way = 0; way < ways.size(); way++) {
      System.out.printf(
          "%-20s %d files: median %5d ms, %.2f of a local clone; own disk %d KB beside %d KB of"
              + " files%n",
          names.get(way),
          FILES,
          median(took[way]),
          (double) median(took[way]) / base,
          kilobytes(root.resolve("trees/" + way + "/w0"), true),
          kilobytes(root.resolve("trees/" + way + "/w0"), false));
    }
  }

  private static String name(Path tree) {
    return "b" + tree.getFileName();
  }

  private void makeSource() throws IOException, InterruptedException {
    Files.createDirectories(source);
    git(source, "init", "-q", "--bare", "-b", "main");
    Path stream = root.resolve("stream");
    try (BufferedWriter out = Files.newBufferedWriter(stream)) {
      for (int i = 1; i <= COMMITS; i++) {
        out.write("commit refs/heads/main\ncommitter A <a@example.org> " + (1_700_000_000 + i));
        out.write(" +0000\ndata <<END\ncommit " + i + "\nEND\n");
        out.write("M 100644 inline src/d" + i % 40 + "/f" + i % FILES + ".txt\ndata <<END\n");
        for (int line = 0; line < LINES; line++) {
          out.write("line " + line + " of " + i * 7919L % (line + 1009) + "\n");
        }
        out.write("END\n\n");
      }
    }
    run(source, List.of("sh", "-c", "git fast-import --quiet < '" + stream + "'"));
    Files.delete(stream);
  }

  private static void git(Path directory, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("git"));
    command.addAll(Arrays.asList(arguments));
    run(directory, command);
  }

  private static void run(Path directory, List<String> command)
      throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException(command + " failed with " + exit);
    }
  }

  private static long median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Of git's own files, or of the work tree's; what is hard-linked elsewhere takes no disk. */
  private static long kilobytes(Path tree, boolean gitDir) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      return files
              .filter(Files::isRegularFile)
              .filter(file -> gitDir == tree.relativize(file).startsWith(".git"))
              .mapToLong(WorkspaceBench::ownBytes)
              .sum()
          / 1024;
    }
  }

  private static long ownBytes(Path file) {
    try {
      int links = (int) Files.getAttribute(file, "unix:nlink");
      return links > 1 ? 0 : Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }
}
