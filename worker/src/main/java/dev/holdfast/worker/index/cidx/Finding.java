package dev.holdfast.worker.index.cidx;

import static dev.holdfast.worker.index.cidx.Remedy.FIX_CONFIG;
import static dev.holdfast.worker.index.cidx.Remedy.INIT;
import static dev.holdfast.worker.index.cidx.Remedy.LEAVE_OUT;
import static dev.holdfast.worker.index.cidx.Remedy.REBUILD_FULL_TEXT;
import static dev.holdfast.worker.index.cidx.Remedy.REBUILD_GRAPH;
import static dev.holdfast.worker.index.cidx.Remedy.RECONCILE;
import static dev.holdfast.worker.index.cidx.Remedy.RESUME;
import static dev.holdfast.worker.index.cidx.Remedy.RE_EMBED;

import java.util.List;

/** What can be wrong with an index, in the order in which it is looked for and mended. */
enum Finding {
  /** The settings cannot be read, or are those of another place. */
  CONFIG("its settings are missing, unreadable or of another place", FIX_CONFIG, INIT),
  /** How far indexing came is not to be read. */
  METADATA("its progress record is unreadable", RECONCILE, RE_EMBED),
  /** Indexing never began, never ended, or failed. */
  INTERRUPTED("indexing was not completed", RESUME, RECONCILE, RE_EMBED),
  /** There are vectors, yet no file is said to have been indexed. */
  INCONSISTENT("it has vectors of no file", RE_EMBED),
  /** The matrix without which no vector can be found. */
  PROJECTION("its projection matrix is missing or damaged", RE_EMBED),
  /** A collection that does not say what it is. */
  COLLECTION("a collection has no valid description, or there is none", RE_EMBED),
  /** The search graph is missing, damaged, or not of the vectors that there are. */
  GRAPH("its search graph is missing, damaged or stale", REBUILD_GRAPH, RE_EMBED),
  /** The list of vectors by id cannot be read. */
  IDS("its list of ids is damaged", REBUILD_GRAPH, RE_EMBED),
  /** Vectors are unreadable or of another size than the collection's. */
  VECTORS("vectors are damaged or of the wrong size", RE_EMBED),
  /** The full-text index is no good; the rest is. */
  FULL_TEXT("its full-text index is damaged", REBUILD_FULL_TEXT, LEAVE_OUT),
  /** Code navigation or history is no good; the rest is. */
  EXTRAS("its code navigation or history is damaged", LEAVE_OUT);

  private final String explanation;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Remedy> remedies;

  Finding(String explanation, Remedy... remedies) {
    this.explanation = explanation;
    this.remedies = List.of(remedies);
  }

  String explanation() {
    return explanation;
  }

  /** The cheapest first. */
  List<Remedy> remedies() {
    return remedies;
  }

  /** What it means that a file of the index is not what it was. */
  static Finding ofDamaged(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (StoreFiles.isExtra(path)) {
      return EXTRAS;
    }
    if (path.startsWith(StoreFiles.FULL_TEXT + "/")) {
      return FULL_TEXT;
    }
    return switch (name) {
      case StoreFiles.CONFIG -> CONFIG;
      case StoreFiles.METADATA -> METADATA;
      case StoreFiles.PROGRESS -> METADATA;
      case StoreFiles.PROJECTION -> PROJECTION;
      case StoreFiles.COLLECTION -> COLLECTION;
      case StoreFiles.GRAPH -> GRAPH;
      case StoreFiles.IDS -> IDS;
      default -> path.startsWith(StoreFiles.INDEX + "/") ? VECTORS : METADATA;
    };
  }
}
