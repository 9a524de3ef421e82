package dev.holdfast.worker.container;

import dev.holdfast.runtime.retry.Backoff;
import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.ContainerSpec.Pull;
import dev.holdfast.worker.container.EngineException.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the engine has a job's image. */
final class Images {
  private static final Logger log = LoggerFactory.getLogger(Images.class);
  private static final Duration STALL = Duration.ofMinutes(1);
  private static final int TRIES = 3;
  private static final Backoff BETWEEN = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

  private final Secrets secrets;
  private final ImageShelf shelf;

  Images(Secrets secrets, ImageShelf shelf) {
    this.secrets = secrets;
    this.shelf = shelf;
  }

  /** Fetches it as the spec says; tries again what may succeed later. */
  void bring(
      ContainerEngine engine,
      ContainerSpec spec,
      Consumer<String> progress,
      BooleanSupplier givenUp)
      throws InterruptedException {
    Optional<String> before = shelf.find(engine, spec.image()).map(ContainerEngine.Image::id);
    boolean there = before.isPresent();
    Pull policy = spec.pull() == null ? Pull.MISSING : spec.pull();
    if (policy == Pull.NEVER && !there) {
      throw new EngineException(
          Code.IMAGE_NOT_FOUND,
          "the engine does not have image %s, and container.pull is never".formatted(spec.image()));
    }
    if (policy == Pull.ALWAYS || !there) {
      String name = ImageName.complete(spec.image());
      if (!there) {
        shelf.pulled().pulling(name);
      }
      pull(engine, spec, progress, givenUp);
      engine
          .image(spec.image())
          .ifPresent(after -> shelf.pulled().pulled(name, before, after.id()));
    }
  }

  private void pull(
      ContainerEngine engine,
      ContainerSpec spec,
      Consumer<String> progress,
      BooleanSupplier givenUp)
      throws InterruptedException {
    Optional<RegistryLogin> login = login(spec.credentials());
    for (int tried = 1; ; tried++) {
      try {
        progress.accept("pulling image " + spec.image());
        engine.pull(spec.image(), login, STALL, progress, givenUp);
        return;
      } catch (EngineException e) {
        if (!e.retryable()) {
          shelf.pulled().refused(ImageName.complete(spec.image()));
        }
        if (!e.retryable() || tried == TRIES || givenUp.getAsBoolean()) {
          throw e;
        }
        log.info("try {} of {}: {}", tried, TRIES, e.getMessage());
        Thread.sleep(BETWEEN.after(tried, ThreadLocalRandom.current().nextDouble()));
      }
    }
  }

  private Optional<RegistryLogin> login(@org.jspecify.annotations.Nullable String name) {
    if (name == null) {
      return Optional.empty();
    }
    try {
      String secret =
          secrets
              .find(name)
              .orElseThrow(() ->
                  new EngineException(
                      Code.UNAUTHORIZED,
                      "this worker has no secret '%s', which container.credentials names"
                          .formatted(name)));
      return Optional.of(RegistryLogin.parse(secret));
    } catch (IOException | IllegalArgumentException e) {
      throw new EngineException(
          Code.UNAUTHORIZED,
          "secret '%s' cannot be used as a registry's credentials: %s"
              .formatted(name, e.getMessage()),
          e);
    }
  }
}
