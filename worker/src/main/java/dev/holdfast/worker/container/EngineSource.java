package dev.holdfast.worker.container;

import dev.holdfast.worker.container.EngineException.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The engine's client, made when it is first needed: most workers never run a container. */
final class EngineSource implements AutoCloseable {
  private final EngineAddress address;
  private final Duration deadline;

  /** Tells later incarnations that there may be containers of this worker. */
  private final Path marker;

  private @Nullable ContainerEngine made;

  EngineSource(EngineAddress address, Duration deadline, Path marker) {
    this.address = address;
    this.deadline = deadline;
    this.marker = marker;
  }

  /** The engine. */
  synchronized ContainerEngine get() {
    ContainerEngine engine = made;
    if (engine == null) {
      Path socket =
          address
              .socket()
              .orElseThrow(() ->
                  new EngineException(Code.UNREACHABLE, "containers are off: HOLDFAST_DOCKER=off"));
      mark();
      engine = DockerContainerEngine.at(socket, deadline);
      made = engine;
    }
    return engine;
  }

  private void mark() {
    try {
      if (!Files.exists(marker)) {
        Files.createFile(marker);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot note that containers are used in " + marker, e);
    }
  }

  /** Whether this worker has ever had to do with containers. */
  boolean everUsed() {
    return Files.exists(marker);
  }

  @Override
  public synchronized void close() {
    ContainerEngine engine = made;
    if (engine != null) {
      engine.close();
    }
  }
}
