package dev.holdfast.worker.index.cidx;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads from the files of an index what is wrong with it; starts nothing and changes nothing. */
final class Diagnosis {
  private final Path store;
  private final Optional<Path> project;
  private final EnumSet<Finding> found = EnumSet.noneOf(Finding.class);

  private Diagnosis(Path store, Optional<Path> project) {
    this.store = store;
    this.project = project;
  }

  /**
   * All that is wrong, in the order in which it is to be mended.
   *
   * @param store the directory {@code .code-indexer}
   * @param project to which its settings must belong; empty for an index that is kept and not used
   */
  static Set<Finding> of(Path store, Optional<Path> project) throws IOException {
    var diagnosis = new Diagnosis(store, project);
    diagnosis.settings();
    diagnosis.progress();
    diagnosis.fullText();
    return diagnosis.found;
  }

  private void settings() throws IOException {
    Optional<JsonNode> config = JsonFile.read(store.resolve(StoreFiles.CONFIG));
    if (config.isEmpty() || project.filter(here -> !isOf(config.get(), here)).isPresent()) {
      found.add(Finding.CONFIG);
    }
  }

  private static boolean isOf(JsonNode config, Path project) {
    String named = config.path("codebase_dir").asText(".");
    return project.resolve(named).normalize().equals(project.normalize());
  }

  private void progress() throws IOException {
    Path file = store.resolve(StoreFiles.METADATA);
    Optional<JsonNode> metadata = JsonFile.read(file);
    if (metadata.isEmpty()) {
      found.add(Files.exists(file) ? Finding.METADATA : Finding.INTERRUPTED);
    }
    List<Collection> collections = collections();
    boolean vectors = false;
    for (Collection collection : collections) {
      found.addAll(collection.findings());
      vectors |= collection.hasVectors();
    }
    if (metadata.isPresent()) {
      JsonNode progress = metadata.get();
      if (!progress.path("status").asText().equals("completed")) {
        found.add(Finding.INTERRUPTED);
      } else if (vectors && progress.path("files_processed").asLong() == 0) {
        found.add(Finding.INCONSISTENT);
      } else if (collections.isEmpty() && progress.path("chunks_indexed").asLong() > 0) {
        found.add(Finding.COLLECTION);
      }
    }
  }

  private List<Collection> collections() throws IOException {
    Path index = store.resolve(StoreFiles.INDEX);
    if (!Files.isDirectory(index)) {
      return List.of();
    }
    var collections = new ArrayList<Collection>();
    try (Stream<Path> entries = Files.list(index)) {
      for (Path entry : entries.sorted().toList()) {
        if (!Files.isDirectory(entry)) {
          continue;
        }
        if (!entry.getFileName().toString().startsWith(StoreFiles.HISTORY)) {
          collections.add(new Collection(entry));
        } else if (!Files.exists(entry.resolve("temporal_meta.json"))) {
          found.add(Finding.EXTRAS);
        }
      }
    }
    return collections;
  }

  private void fullText() throws IOException {
    Path fullText = store.resolve(StoreFiles.FULL_TEXT);
    if (Files.isDirectory(fullText)
        && (JsonFile.read(fullText.resolve("meta.json")).isEmpty()
            || !Files.exists(fullText.resolve(".managed.json")))) {
      found.add(Finding.FULL_TEXT);
    }
    Path navigation = store.resolve(StoreFiles.NAVIGATION);
    if (Files.isDirectory(navigation)
        && JsonFile.read(navigation.resolve("status.json"))
            .filter(status -> !status.path("overall_status").asText().equals("failed"))
            .isEmpty()) {
      found.add(Finding.EXTRAS);
    }
  }
}
