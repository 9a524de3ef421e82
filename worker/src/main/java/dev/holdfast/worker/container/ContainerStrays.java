package dev.holdfast.worker.container;

import dev.holdfast.worker.container.ContainerEngine.Listed;
import dev.holdfast.worker.disk.Stray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * This worker's containers that no run directory knows. A run directory is there before its
 * container and goes after it, so that is proof enough.
 */
final class ContainerStrays implements Stray.Finder {
  private final Supplier<ContainerEngine> engine;
  private final Labels labels;
  private final Path runs;

  ContainerStrays(Supplier<ContainerEngine> engine, Labels labels, Path runs) {
    this.engine = engine;
    this.labels = labels;
    this.runs = runs;
  }

  @Override
  public List<Stray> find() {
    var strays = new ArrayList<Stray>();
    for (Listed container : engine.get().list(labels.ofWorker())) {
      var stray = new Container(container);
      if (stray.livingUse().isEmpty()) {
        strays.add(stray);
      }
    }
    return strays;
  }

  private final class Container implements Stray {
    private final Listed container;

    private Container(Listed container) {
      this.container = container;
    }

    @Override
    public String kind() {
      return "container";
    }

    @Override
    public String name() {
      return container.name();
    }

    @Override
    public String identity() {
      return container.id();
    }

    @Override
    public Optional<String> livingUse() {
      String job = Labels.job(container.labels());
      String token = Labels.token(container.labels());
      if (job.isEmpty() || token.isEmpty()) {
        return Optional.of("its labels name no attempt");
      }
      return Files.exists(runs.resolve(job).resolve(token))
          ? Optional.of("it has a run directory")
          : Optional.empty();
    }

    @Override
    public void remove() {
      engine.get().remove(container.id());
    }
  }
}
