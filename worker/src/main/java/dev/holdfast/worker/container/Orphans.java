package dev.holdfast.worker.container;

import dev.holdfast.worker.container.ContainerEngine.Listed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds this worker's containers that no run directory knows, and removes those that it has found
 * twice. A run directory is there before its container and goes after it, so that is proof enough.
 */
final class Orphans {
  private static final Logger log = LoggerFactory.getLogger(Orphans.class);

  private final Supplier<ContainerEngine> engine;
  private final Labels labels;
  private final Path runs;
  private Set<String> suspected = Set.of();

  Orphans(Supplier<ContainerEngine> engine, Labels labels, Path runs) {
    this.engine = engine;
    this.labels = labels;
    this.runs = runs;
  }

  /**
   * Looks once.
   *
   * @return how many were removed
   */
  synchronized int look() {
    List<Listed> unknown =
        engine.get().list(labels.ofWorker()).stream()
            .filter(found -> !belongsToSomebody(found))
            .toList();
    var stillSuspected = new HashSet<String>();
    int removed = 0;
    for (Listed container : unknown) {
      if (!suspected.contains(container.id())) {
        stillSuspected.add(container.id());
      } else if (engine.get().remove(container.id())) {
        removed++;
        log.info("removed container {}: no run directory knows it", container.name());
      }
    }
    suspected = Set.copyOf(stillSuspected);
    return removed;
  }

  private boolean belongsToSomebody(Listed container) {
    String job = Labels.job(container.labels());
    String token = Labels.token(container.labels());
    return job.isEmpty() || token.isEmpty() || Files.exists(runs.resolve(job).resolve(token));
  }
}
