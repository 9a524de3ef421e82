package dev.holdfast.worker.index.cidx;

import dev.holdfast.schemas.job.RepositoryRef.IndexKind;
import dev.holdfast.worker.index.CodeIndexes;
import dev.holdfast.worker.index.Patience;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The main class of a JVM that has the stand-in make an index, to be killed meanwhile. */
final class CidxMaker {
  private CidxMaker() {}

  /** Arguments: the indexes, the stand-in's program, run directory, mirror, commit. */
  public static void main(String[] arguments) throws InterruptedException {
    Path runDirectory = Path.of(arguments[2]);
    var workspace =
        new PreparedWorkspace(
            runDirectory.resolve("work"),
            "a repository",
            Optional.empty(),
            arguments[4],
            "branch",
            Path.of(arguments[3]),
            false,
            List.of());
    var indexes =
        new CodeIndexes(
            Path.of(arguments[0]),
            List.of(new CidxIndex(arguments[1], System.getenv(), InstantSource.system())),
            Duration.ofMinutes(1),
            InstantSource.system());
    indexes.ready(
        IndexKind.CIDX, workspace, runDirectory, Patience.of(Duration.ofMinutes(1), () -> false));
  }
}
