package dev.holdfast.worker.container;

import dev.holdfast.schemas.job.ContainerSpec;
import dev.holdfast.schemas.job.ResourceLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container to be made.
 *
 * @param name unique on the engine: the second of the same name cannot be made
 * @param entry the shim and its arguments
 * @param mounts in the order in which they lie over one another
 * @param limits of the job; null for none
 */
public record ContainerPlan(
    String name,
    String image,
    Map<String, String> labels,
    List<String> entry,
    Map<String, String> env,
    List<Mount> mounts,
    ContainerSpec spec,
    @Nullable ResourceLimits limits) {

  public ContainerPlan {
    labels = Map.copyOf(labels);
    entry = List.copyOf(entry);
    env = Map.copyOf(env);
    mounts = List.copyOf(mounts);
  }

  /**
   * A file or directory of this machine that is seen inside.
   *
   * @param here its place on this machine
   * @param inside its place in the container
   */
  public record Mount(Path here, String inside, boolean writable) {}
}
