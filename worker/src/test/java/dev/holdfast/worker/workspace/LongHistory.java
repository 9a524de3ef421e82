package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A bare repository with thousands of commits on {@code main}, which a test moves along them.
 *
 * @param commits all of them, the oldest first
 */
record LongHistory(Path directory, List<String> commits) {

  private static final int FILES = 40;
  private static final int LINES = 12;

  static LongHistory create(Path directory, int commits) throws IOException {
    Files.createDirectories(directory);
    git(directory, "init", "-q", "--bare", "-b", "main");
    Path stream = directory.resolve("stream");
    try (var out = Files.newBufferedWriter(stream, StandardCharsets.UTF_8)) {
      for (int i = 1; i <= commits; i++) {
        StringBuilder commit = new StringBuilder();
        commit.append("commit refs/heads/main\n");
        commit.append("committer A <a@example.org> ").append(1_700_000_000 + i).append(" +0000\n");
        commit.append("data <<END\ncommit ").append(i).append("\nEND\n");
        commit.append("M 100644 inline src/dir").append(i % 7).append("/file").append(i % FILES);
        commit.append(".txt\ndata <<END\n");
        for (int line = 0; line < LINES; line++) {
          commit.append(i * 7919L % (line + 1009)).append(" line ").append(line).append('\n');
        }
        commit.append("END\n\n");
        out.write(commit.toString());
      }
    }
    GitCli.Outcome imported =
        GitCli.run(directory, List.of("sh", "-c", "git fast-import --quiet < stream"));
    if (imported.exitCode() != 0) {
      throw new AssertionError(imported.output());
    }
    Files.delete(stream);
    return new LongHistory(
        directory, git(directory, "rev-list", "--reverse", "main").lines().toList());
  }

  /** Moves {@code main} to the commit of this number and returns its id. */
  String moveTo(int number) {
    String id = commits.get(number);
    try {
      Path ref = directory.resolve("refs/heads/main");
      Files.createDirectories(ref.getParent());
      Files.writeString(ref, id + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return id;
  }
}
