package dev.holdfast.worker;

import dev.holdfast.worker.index.CodeIndexes;
import dev.holdfast.worker.index.IndexShelf;
import dev.holdfast.worker.index.cidx.CidxIndex;
import dev.holdfast.worker.index.lucene.LuceneIndex;
import dev.holdfast.worker.index.lucene.SearchScript;
import dev.holdfast.worker.run.WorkerHome;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/** Code indexes, as a worker has them. */
final class WorkerIndexes implements AutoCloseable {
  private final SearchScript script;
  private final IndexShelf shelf;
  private final CodeIndexes indexes;

  WorkerIndexes(WorkerConfig config, WorkerHome home) {
    this.script = new SearchScript(config.data().resolve("bin"));
    this.shelf = new IndexShelf(home.indexes(), home.runs());
    this.indexes =
        new CodeIndexes(
            home.indexes(),
            List.of(
                new LuceneIndex(script),
                new CidxIndex(config.indexing().cidx(), System.getenv(), InstantSource.system())),
            config.indexing().longestWait(),
            InstantSource.system());
  }

  CodeIndexes indexes() {
    return indexes;
  }

  /** Deletes what was left half made, and gives living jobs this version's way to search. */
  void sweep() throws IOException {
    shelf.sweep();
    script.written();
  }

  @Override
  public void close() {
    indexes.close();
  }
}
