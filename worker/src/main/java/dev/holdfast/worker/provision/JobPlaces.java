package dev.holdfast.worker.provision;

import java.nio.file.Path;

/** What of a run directory is the job's, its workspace aside. */
public record JobPlaces(Path root) {
  /** The places of a run directory. */
  public static JobPlaces of(Path runDirectory) {
    return new JobPlaces(runDirectory.toAbsolutePath().resolve("job"));
  }

  public Path files() {
    return root.resolve("files");
  }

  public Path checkpoint() {
    return root.resolve("checkpoint");
  }

  public Path progress() {
    return root.resolve("progress");
  }
}
