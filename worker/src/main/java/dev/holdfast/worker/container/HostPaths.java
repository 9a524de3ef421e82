package dev.holdfast.worker.container;

import java.nio.file.Path;

/**
 * What containers see of a worker besides their run directory; all absolute.
 *
 * @param runs the run directories, by job and token
 * @param shim the unpacked binary
 * @param workerLock held while the worker lives
 * @param mirrors whose objects clones borrow
 */
public record HostPaths(Path runs, Path shim, Path workerLock, Path mirrors) {
  public HostPaths {
    runs = runs.toAbsolutePath();
    shim = shim.toAbsolutePath();
    workerLock = workerLock.toAbsolutePath();
    mirrors = mirrors.toAbsolutePath().normalize();
  }
}
