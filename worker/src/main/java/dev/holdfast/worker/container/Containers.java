package dev.holdfast.worker.container;

import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.worker.Unavailability;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.container.EngineException.Code;
import dev.holdfast.worker.disk.Cache;
import dev.holdfast.worker.disk.Stray;
import dev.holdfast.worker.run.Executor;
import dev.holdfast.worker.run.RunDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that a worker has to do with containers. */
public final class Containers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Containers.class);

  /** What a presence calls the engine. */
  public static final String WHAT = "docker";

  private static final String MARKER = "containers-used";
  private static final String IMAGES = "images-pulled";
  private static final long ENGINE_POLL_MS = 50;

  private final EnginePace pace;
  private final Calls calls = new Calls();
  private final EngineSource engine;
  private final Optional<EngineWatch> watch;
  private final Images images;
  private final ImageShelf shelf;
  private final Path data;
  private final ContainerStrays strays;
  private final ContainerExecutor executor;

  /** Not yet watching: see {@link #begin}. */
  public Containers(
      Identity identity, EngineAddress address, HostPaths host, Secrets secrets, EnginePace pace) {
    this.pace = pace;
    var labels = new Labels(identity.cell(), identity.worker(), identity.home());
    this.data = java.util.Objects.requireNonNull(host.runs().getParent());
    this.engine = new EngineSource(address, pace.call(), data.resolve(MARKER));
    this.watch =
        address
            .socket()
            .map(socket ->
                new EngineWatch(
                    new EnginePing(socket, calls, pace.call()), pace, InstantSource.system()));
    this.shelf =
        new ImageShelf(
            this::reachable,
            this::mayBeAsked,
            PulledImages.in(data.resolve(IMAGES), InstantSource.system()));
    this.images = new Images(secrets, shelf);
    this.strays = new ContainerStrays(this::reachable, labels, host.runs());
    this.executor =
        new ContainerExecutor(
            this::reachable, new Starting(this::reachable, labels, host, pace.call()));
  }

  /**
   * Whose containers they are.
   *
   * @param home a name that no worker with another directory has, on this machine or any other
   */
  public record Identity(String cell, WorkerId worker, String home) {}

  /**
   * Starts to watch the engine.
   *
   * @param changed called whenever {@link #availability} has changed
   */
  public void begin(Runnable changed) {
    watch.ifPresent(it -> it.begin(changed));
  }

  /** Nobody waits for the deadline of a call to an engine that is known to be away. */
  private ContainerEngine reachable() {
    if (watch.filter(EngineWatch::knowsItAway).isPresent()) {
      throw away();
    }
    return engine.get();
  }

  private EngineException away() {
    return new EngineException(
        Code.UNREACHABLE,
        switch (availability()) {
          case Availability.Unavailable(String reason, var since) ->
              "docker has been unavailable since " + since + ": " + reason;
          case Availability.Off() -> "containers are off on this worker";
          case Availability.Available() -> "docker was unavailable just now";
        });
  }

  /** The port behind which attempts run in containers. */
  public Executor executor() {
    return executor;
  }

  public Availability availability() {
    return watch.map(EngineWatch::now).orElseGet(Availability.Off::new);
  }

  /** Whether jobs in containers can be taken. */
  public boolean available() {
    return availability() instanceof Availability.Available;
  }

  /** What the worker cannot offer for want of an engine. */
  public List<Unavailability> unavailable() {
    return availability() instanceof Availability.Unavailable(String reason, var since)
        ? List.of(new Unavailability(WHAT, reason, since))
        : List.of();
  }

  /** Why a job cannot be taken now; empty if it can. */
  public Optional<String> refusal(JobSpec spec) {
    if (spec.container() == null) {
      return Optional.empty();
    }
    return available() ? Optional.empty() : Optional.ofNullable(away().getMessage());
  }

  /**
   * Makes ready what a container needs: waits for the engine and fetches the image.
   *
   * @throws EngineException if that cannot be had, or nobody wants it any more
   */
  public void prepare(ContainerSpec spec, Consumer<String> progress, BooleanSupplier givenUp)
      throws InterruptedException {
    awaitEngine(givenUp);
    images.bring(engine.get(), spec, logged(progress), givenUp);
  }

  private static Consumer<String> logged(Consumer<String> progress) {
    return text -> {
      log.info("{}", text);
      progress.accept(text);
    };
  }

  private void awaitEngine(BooleanSupplier over) throws InterruptedException {
    long sinceNs = System.nanoTime();
    while (!available()) {
      if (over.getAsBoolean() || System.nanoTime() - sinceNs > pace.patience().toNanos()) {
        throw away();
      }
      Thread.sleep(ENGINE_POLL_MS);
    }
  }

  /**
   * The containers of this worker that belong to nobody; none while the engine is away, or on a
   * worker that never had to do with containers.
   */
  public Stray.Finder strays() {
    return () -> mayBeAsked() ? strays.find() : List.of();
  }

  private boolean mayBeAsked() {
    return engine.everUsed() && available();
  }

  /**
   * The images that this worker has pulled and no job has used for so long; none if that is zero.
   */
  public Stray.Finder unusedImages(RunDirectories runs, Duration unused) {
    return shelf.strays(runs, unused, InstantSource.system());
  }

  /** The images that this worker has pulled; none where they take no room from the worker. */
  public Cache images(RunDirectories runs) {
    return shelf.cache(runs, this::onTheSameDisk);
  }

  private boolean onTheSameDisk() {
    Path root = reachable().root();
    try {
      return Files.exists(root) && Files.getFileStore(root).equals(Files.getFileStore(data));
    } catch (IOException e) {
      log.debug("cannot tell which disk has the images: {}", e.toString());
      return false;
    }
  }

  @Override
  public void close() {
    watch.ifPresent(EngineWatch::close);
    calls.close();
    engine.close();
  }
}
