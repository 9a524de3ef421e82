package dev.holdfast.worker.index;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.index.lucene.LuceneIndex;
import dev.holdfast.worker.index.lucene.SearchScript;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The main class of a JVM that makes an index, to be killed meanwhile. */
final class IndexMaker {
  private IndexMaker() {}

  /** Arguments: root of the worker's data, run directory, mirror, commit. */
  public static void main(String[] arguments) throws InterruptedException {
    Path root = Path.of(arguments[0]);
    var workspace =
        new PreparedWorkspace(
            Path.of(arguments[1], "work"),
            "a repository",
            Optional.empty(),
            arguments[3],
            "branch",
            Path.of(arguments[2]),
            false,
            List.of());
    var indexes =
        new CodeIndexes(
            root.resolve("indexes"),
            List.of(new LuceneIndex(new SearchScript(root.resolve("bin")))),
            Duration.ofMinutes(1),
            InstantSource.system());
    System.out.println("making");
    IndexForJob answer =
        indexes.ready(
            IndexKind.LUCENE,
            workspace,
            Path.of(arguments[1]),
            Patience.of(Duration.ofMinutes(1), () -> false));
    System.out.println(answer.environment().get("HOLDFAST_INDEX_STATE"));
  }
}
