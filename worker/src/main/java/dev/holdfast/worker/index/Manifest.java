package dev.holdfast.worker.index;

import dev.holdfast.schemas.Require;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What an index consists of; written last, so that an index without one was never complete.
 *
 * @param kind which kind of index
 * @param commit full id of the commit that it is of
 * @param format of the adapter that made it
 * @param tool that made it, with its version
 * @param madeAt by the worker's wall clock, for people
 * @param counts what went in and what was left out
 * @param files every file of it
 */
record Manifest(
    String kind,
    String commit,
    String format,
    String tool,
    Instant madeAt,
    Map<String, Long> counts,
    List<FileFact> files) {

  Manifest {
    Require.present("kind", kind);
    Require.present("commit", commit);
    Require.present("format", format);
    Require.present("tool", tool);
    Require.present("madeAt", madeAt);
    counts = counts == null ? Map.of() : Map.copyOf(counts);
    files = files == null ? List.of() : List.copyOf(files);
  }

  /**
   * One file of an index.
   *
   * @param path below the index's data directory
   */
  record FileFact(String path, long bytes, String sha256) {}
}
