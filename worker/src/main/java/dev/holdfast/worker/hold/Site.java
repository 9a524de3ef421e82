package dev.holdfast.worker.hold;

import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.output.OutputLimit;
import dev.holdfast.worker.workspace.CollectLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What all holds of one worker have in common.
 *
 * @param liveness the cell's, for jobs that do not ask for their own
 * @param stopGrace between asking a process tree to end and killing it
 * @param workerLock held while this worker lives
 * @param baseEnv the worker's own environment, of which jobs get a little
 * @param lastSeen when the previous incarnation was last alive
 */
public record Site(
    WorkerId worker,
    long incarnation,
    String cell,
    Liveness liveness,
    Limits limits,
    Duration stopGrace,
    Path workerLock,
    Map<String, String> baseEnv,
    Optional<Instant> lastSeen) {

  /** How much is kept of what a job prints and leaves. */
  public record Limits(OutputLimit output, CollectLimits collect) {}
}
