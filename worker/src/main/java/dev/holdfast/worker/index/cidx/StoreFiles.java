package dev.holdfast.worker.index.cidx;

/** Names in {@code .code-indexer}. */
final class StoreFiles {
  static final String STORE = ".code-indexer";
  static final String CONFIG = "config.json";
  static final String METADATA = "metadata.json";
  static final String PROGRESS = "indexing_progress.json";
  static final String HEARTBEAT = "indexing_heartbeat.json";
  static final String INDEX = "index";
  static final String COLLECTION = "collection_meta.json";
  static final String PROJECTION = "projection_matrix.npy";
  static final String GRAPH = "hnsw_index.bin";
  static final String IDS = "id_index.bin";
  static final String FULL_TEXT = "tantivy_index";
  static final String NAVIGATION = "scip";
  static final String HISTORY = "code-indexer-temporal";

  private StoreFiles() {}

  /** Whether the file belongs to what a search for meaning does without. */
  static boolean isExtra(String path) {
    return path.startsWith(NAVIGATION + "/") || path.startsWith(INDEX + "/" + HISTORY);
  }
}
