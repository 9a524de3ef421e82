package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt may use of its machine, enforced by its cgroup or container; a part that is null
 * is not limited.
 *
 * @param cpus processors, e.g. 1.5
 * @param memoryBytes of resident memory and page cache, all processes together
 * @param pids processes and threads at once
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResourceLimits(
    @Nullable Double cpus, @Nullable Long memoryBytes, @Nullable Integer pids) {
  private static final double LEAST_CPUS = 0.01;
  private static final long LEAST_MEMORY_BYTES = 4L * 1024 * 1024;

  public ResourceLimits {
    if (cpus != null && !(cpus >= LEAST_CPUS && cpus <= 10_000)) {
      throw new InvalidField("cpus", "must be from 0.01 to 10000, not " + cpus);
    }
    if (memoryBytes != null) {
      Require.atLeast("memoryBytes", LEAST_MEMORY_BYTES, memoryBytes);
    }
    if (pids != null) {
      Require.atLeast("pids", 2, pids);
    }
  }
}
