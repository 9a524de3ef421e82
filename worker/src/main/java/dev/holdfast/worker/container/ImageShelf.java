package dev.holdfast.worker.container;

import dev.holdfast.worker.container.PulledImages.Pulled;
import dev.holdfast.worker.disk.Cache;
import dev.holdfast.worker.disk.Stray;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.RunDirectory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The images that this worker has pulled, for whoever makes room: by age, as strays; under
 * pressure, as a cache. None goes that a run directory names, that a container uses, that this
 * worker did not pull, or that means something else by now.
 *
 * <p>A job's run directory is there before its image is looked for, and an image is looked for and
 * removed under one lock: so a job either finds it, or finds it gone and has it pulled again.
 */
final class ImageShelf {
  static final String KIND = "image";

  private final Supplier<ContainerEngine> engine;
  private final BooleanSupplier reachable;
  private final PulledImages pulled;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Looks at nothing yet.
   *
   * @param reachable whether the engine can be asked now
   */
  ImageShelf(Supplier<ContainerEngine> engine, BooleanSupplier reachable, PulledImages pulled) {
    this.engine = engine;
    this.reachable = reachable;
    this.pulled = pulled;
  }

  /** Looks for an image that a run directory names, which keeps it where it is from now on. */
  Optional<ContainerEngine.Image> find(ContainerEngine from, String reference) {
    lock.lock();
    try {
      pulled.used(ImageName.complete(reference));
      return from.image(reference);
    } finally {
      lock.unlock();
    }
  }

  PulledImages pulled() {
    return pulled;
  }

  /** Images that no job has used for so long; none if that is zero. */
  Stray.Finder strays(RunDirectories runs, Duration unused, InstantSource clock) {
    return () -> {
      if (unused.isZero() || !reachable.getAsBoolean()) {
        return List.of();
      }
      Instant before = clock.instant().minus(unused);
      return pulled.all().stream()
          .filter(image -> image.lastUsed().isBefore(before))
          .map(image -> new Unused(image, runs))
          .toList();
    };
  }

  /** All of them, as long as the engine keeps them on the disk that is short of room. */
  Cache cache(RunDirectories runs, BooleanSupplier onTheSameDisk) {
    return new Cache() {
      @Override
      public String kind() {
        return KIND;
      }

      @Override
      public List<? extends Item> longestUnusedFirst() {
        return reachable.getAsBoolean() && onTheSameDisk.getAsBoolean()
            ? pulled.all().stream().map(image -> new Cached(image, runs)).toList()
            : List.of();
      }
    };
  }

  private Optional<String> use(String reference, RunDirectories runs) throws IOException {
    for (RunDirectory run : runs.peek()) {
      var container = run.facts().assigned().spec().container();
      if (container != null && ImageName.complete(container.image()).equals(reference)) {
        return Optional.of("attempt " + run.attempt() + " names it");
      }
    }
    return Optional.empty();
  }

  /**
   * Answers whether it is gone. What is somebody else's by now is forgotten, and stays. It is
   * forgotten last, so that a removal that was cut is begun anew.
   */
  private boolean remove(Pulled image, RunDirectories runs) throws IOException {
    lock.lock();
    try {
      if (use(image.reference(), runs).isPresent()
          || !pulled.of(image.reference()).equals(Optional.of(image))) {
        return false;
      }
      boolean changed =
          engine
              .get()
              .image(image.reference())
              .filter(now -> !image.id().isEmpty() && !image.id().equals(now.id()))
              .isPresent();
      if (!changed && !engine.get().removeImage(image.reference())) {
        return false;
      }
      pulled.forget(image.reference());
      return !changed;
    } finally {
      lock.unlock();
    }
  }

  private final class Cached implements Cache.Item {
    private final Pulled image;
    private final RunDirectories runs;

    private Cached(Pulled image, RunDirectories runs) {
      this.image = image;
      this.runs = runs;
    }

    @Override
    public String name() {
      return image.reference();
    }

    @Override
    public boolean giveUp() throws IOException {
      return remove(image, runs);
    }
  }

  private final class Unused implements Stray {
    private final Pulled image;
    private final RunDirectories runs;

    private Unused(Pulled image, RunDirectories runs) {
      this.image = image;
      this.runs = runs;
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public String name() {
      return image.reference();
    }

    @Override
    public String identity() {
      return image.id() + " " + image.lastUsed();
    }

    @Override
    public Optional<String> livingUse() throws IOException {
      return use(image.reference(), runs);
    }

    @Override
    public void remove() throws IOException {
      if (!ImageShelf.this.remove(image, runs)) {
        throw new IOException("a container uses it, or it is somebody else's by now");
      }
    }
  }
}
