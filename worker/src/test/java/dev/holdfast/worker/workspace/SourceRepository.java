package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A repository to make workspaces of: two commits on {@code main}, a branch {@code feature/login},
 * a light tag, an annotated tag, an executable file, a symbolic link and a name in Unicode.
 */
record SourceRepository(Path directory) {

  static SourceRepository create(Path directory) throws IOException {
    SourceRepository source = empty(directory);
    source.write("README.md", "first\n");
    source.write("src/größe 1.txt", "one\ntwo\nthree\n");
    source.write("run.sh", "#!/bin/sh\necho hello\n");
    source.write(".gitignore", "*.log\nbuild/\n");
    assertExecutable(directory.resolve("run.sh"));
    Files.createSymbolicLink(directory.resolve("link"), Path.of("README.md"));
    source.commit("first");
    git(directory, "tag", "v1.0");
    source.write("README.md", "second\n");
    source.commit("second");
    git(directory, "tag", "-a", "v2.0", "-m", "release");
    git(directory, "checkout", "-q", "-b", "feature/login", "v1.0");
    source.write("login.txt", "login\n");
    source.commit("login");
    git(directory, "checkout", "-q", "main");
    return source;
  }

  static SourceRepository empty(Path directory) throws IOException {
    Files.createDirectories(directory);
    git(directory, "init", "-q", "-b", "main");
    git(directory, "config", "user.name", "Source");
    git(directory, "config", "user.email", "source@example.org");
    return new SourceRepository(directory);
  }

  private static void assertExecutable(Path file) {
    if (!file.toFile().setExecutable(true)) {
      throw new AssertionError("cannot make executable: " + file);
    }
  }

  void write(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  String commit(String message) {
    git(directory, "add", "-A");
    git(directory, "commit", "-q", "-m", message);
    return id("HEAD");
  }

  String id(String revision) {
    return git(directory, "rev-parse", revision + "^{commit}");
  }

  RepositoryRef at(String ref) {
    return new RepositoryRef(directory.toString(), java.util.Optional.of(ref));
  }

  RepositoryRef atDefault() {
    return new RepositoryRef(directory.toString(), java.util.Optional.empty());
  }
}
