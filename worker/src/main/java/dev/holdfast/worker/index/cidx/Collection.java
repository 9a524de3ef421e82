package dev.holdfast.worker.index.cidx;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One collection of vectors. */
record Collection(Path directory) {
  /** As many as the tool itself looks at. */
  private static final int SAMPLES = 20;

  /** What is wrong with it. */
  Set<Finding> findings() throws IOException {
    var found = EnumSet.noneOf(Finding.class);
    if (!hasContent(StoreFiles.PROJECTION)) {
      found.add(Finding.PROJECTION);
    }
    Optional<JsonNode> meta =
        JsonFile.read(directory.resolve(StoreFiles.COLLECTION))
            .filter(node -> node.path("vector_size").asInt() > 0);
    if (meta.isEmpty()) {
      found.add(Finding.COLLECTION);
      return found;
    }
    List<Path> vectors = vectors();
    JsonNode graph = meta.get().path("hnsw_index");
    // Newer versions may keep all vectors in one database, where there is nothing to count.
    boolean inFiles = !meta.get().path("chunks_db").path("enabled").asBoolean();
    if (!hasContent(StoreFiles.GRAPH)
        || graph.path("is_stale").asBoolean()
        || (inFiles && graph.path("vector_count").asLong(vectors.size()) != vectors.size())) {
      found.add(Finding.GRAPH);
    }
    Path ids = directory.resolve(StoreFiles.IDS);
    if (Files.exists(ids) && !IdList.isSound(ids)) {
      found.add(Finding.IDS);
    }
    if (!samplesFit(vectors, meta.get().path("vector_size").asInt())) {
      found.add(Finding.VECTORS);
    }
    return found;
  }

  boolean hasVectors() throws IOException {
    return !vectors().isEmpty();
  }

  private boolean hasContent(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.isRegularFile(file) && Files.size(file) > 0;
  }

  private List<Path> vectors() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(
              path -> {
                String name = path.getFileName().toString();
                return name.startsWith("vector_") && name.endsWith(".json");
              })
          .sorted()
          .toList();
    }
  }

  /** Evenly spread over all. */
  private static boolean samplesFit(List<Path> vectors, int size) throws IOException {
    int samples = Math.min(SAMPLES, vectors.size());
    for (int sample = 0; sample < samples; sample++) {
      Path file = vectors.get((int) ((long) sample * vectors.size() / samples));
      if (JsonFile.read(file).filter(node -> node.path("vector").size() == size).isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
