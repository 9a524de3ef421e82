package dev.holdfast.worker.index;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.index.lucene.LuceneIndex;
import dev.holdfast.worker.index.lucene.SearchScript;
import dev.holdfast.worker.workspace.GitSettings;
import dev.holdfast.worker.workspace.GitWorkspaces;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import dev.holdfast.worker.workspace.RepositoryRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;

/** A repository of made-up code, and a worker's directories under a test's temporary one. */
public final class IndexFixture {
  private static final String[] WORDS = {
    "lease", "token", "parse", "header", "worker", "attempt", "queue", "retry", "clock", "stream"
  };

  public final Path root;
  public final Path source;
  private final GitWorkspaces workspaces;

  public IndexFixture(Path temporary) throws IOException {
    root = temporary.toRealPath().resolve("wörker data");
    source = temporary.toRealPath().resolve("source");
    workspaces =
        new GitWorkspaces(
            new GitSettings(root.resolve("mirrors"), Duration.ofSeconds(10), root.resolve("ssh")),
            InstantSource.system());
    Files.createDirectories(source);
  }

  /** Writes files of some forty lines each, and commits them. */
  public IndexFixture withFiles(int count, long seed) throws Exception {
    var random = new Random(seed);
    for (int number = 0; number < count; number++) {
      var text = new StringBuilder();
      for (int line = 1; line <= 40; line++) {
        text.append(
            "  void %s%s%d() { return %s_%d; }\n"
                .formatted(word(random), capital(word(random)), line, word(random), number));
      }
      write("src/part%d/File%d.java".formatted(number % 20, number), text.toString());
    }
    write("docs/guide.md", "# Guide\n\nHow the parseHttpHeader method works.\n");
    commit("files");
    return this;
  }

  private static String word(Random random) {
    return WORDS[random.nextInt(WORDS.length)];
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  public void write(String path, String text) throws IOException {
    Path file = source.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  public void commit(String message) throws GitAPIException {
    try (Git git = Git.init().setDirectory(source.toFile()).setInitialBranch("main").call()) {
      git.add().addFilepattern(".").call();
      git.commit()
          .setMessage(message)
          .setAuthor("a", "a@example.org")
          .setCommitter("a", "a@example.org")
          .setSign(false)
          .call();
    }
  }

  public PreparedWorkspace prepare(String job) {
    return workspaces.prepare(
        runDirectory(job).resolve("work"),
        new RepositoryRef(source.toString(), Optional.empty()),
        "holdfast/" + job,
        () -> false);
  }

  public Path runs() {
    return root.resolve("runs");
  }

  /** Exists as soon as something is prepared in it. */
  public Path runDirectory(String job) {
    return runs().resolve(job).resolve("1");
  }

  public Path indexes() {
    return root.resolve("indexes");
  }

  public LuceneIndex lucene() {
    return new LuceneIndex(new SearchScript(root.resolve("bin")));
  }

  public CodeIndexes open(CodeIndex... kinds) {
    return new CodeIndexes(
        indexes(), List.of(kinds), Duration.ofSeconds(60), InstantSource.system());
  }

  public IndexShelf shelf() {
    return new IndexShelf(indexes(), runs());
  }

  IndexPlace place(IndexKind kind, PreparedWorkspace workspace) {
    String mirror = workspace.mirror().getFileName().toString();
    return IndexPlace.of(
        indexes().toAbsolutePath(),
        mirror.substring(0, mirror.length() - ".git".length()),
        kind,
        workspace.baseCommit());
  }

  /** Plenty. */
  public static Patience patient() {
    return Patience.of(Duration.ofSeconds(60), () -> false);
  }
}
