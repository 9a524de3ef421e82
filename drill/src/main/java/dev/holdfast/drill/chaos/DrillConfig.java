package dev.holdfast.drill.chaos;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The size of a drill.
 *
 * @param faults how long processes are killed
 * @param quiet how long the system then has to bring every job to its end
 */
public record DrillConfig(Path directory, long seed, int jobs, Duration faults, Duration quiet) {}
