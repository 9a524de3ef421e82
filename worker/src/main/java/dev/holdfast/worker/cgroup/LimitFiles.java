package dev.holdfast.worker.cgroup;

import dev.holdfast.schemas.job.ResourceLimits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which value goes into which file of an attempt's cgroup to enforce its limits. */
final class LimitFiles {
  /** The kernel's own default period. */
  private static final long PERIOD_US = 100_000;

  private LimitFiles() {}

  /** Of the controllers that a directory has; empty if there is nothing to limit by them. */
  static Map<String, String> of(
      @Nullable ResourceLimits limits, boolean unified, Set<String> controllers) {
    var files = new LinkedHashMap<String, String>();
    if (limits == null) {
      return files;
    }
    Double cpus = limits.cpus();
    if (cpus != null && controllers.contains("cpu")) {
      String quota = Long.toString(Math.round(cpus * PERIOD_US));
      if (unified) {
        files.put("cpu.max", quota + " " + PERIOD_US);
      } else {
        files.put("cpu.cfs_period_us", Long.toString(PERIOD_US));
        files.put("cpu.cfs_quota_us", quota);
      }
    }
    if (limits.memoryBytes() != null && controllers.contains("memory")) {
      files.put(
          unified ? "memory.max" : "memory.limit_in_bytes", Long.toString(limits.memoryBytes()));
    }
    if (limits.pids() != null && controllers.contains("pids")) {
      files.put("pids.max", Integer.toString(limits.pids()));
    }
    return files;
  }

  /** Whether the controllers can enforce all that is asked for. */
  static boolean enforced(@Nullable ResourceLimits limits, Set<String> controllers) {
    return limits == null
        || ((limits.cpus() == null || controllers.contains("cpu"))
            && (limits.memoryBytes() == null || controllers.contains("memory"))
            && (limits.pids() == null || controllers.contains("pids")));
  }
}
