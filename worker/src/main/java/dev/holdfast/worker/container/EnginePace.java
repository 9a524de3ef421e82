package dev.holdfast.worker.container;

import java.time.Duration;

/**
 * How long things take with an engine, at most.
 *
 * @param call the deadline of every call but a pull
 * @param probe between two questions whether it is there
 * @param probeFirst the same, right after it was not
 * @param probeMost the same, the longer it is away
 * @param patience how long the start of a container waits for an engine that does not answer
 */
public record EnginePace(
    Duration call, Duration probe, Duration probeFirst, Duration probeMost, Duration patience) {

  public static final EnginePace STANDARD =
      new EnginePace(
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofMillis(500),
          Duration.ofSeconds(15),
          Duration.ofMinutes(10));
}
