package dev.holdfast.worker.process;

/**
 * What an attempt used, from its release into the command to the end of its last process.
 *
 * @param wallMs on the boot clock, time frozen included
 * @param frozenMs how much of it the job was frozen
 * @param stdoutBytes final length of the output
 * @param stderrBytes final length of the error output
 * @param utimeMs processor time of the whole tree
 * @param stimeMs processor time of the whole tree, in the kernel
 * @param maxrssKb largest resident memory of any one process
 * @param cpuMs processor time of the whole tree, by whoever counted more of it
 * @param peakBytes most memory of all processes at once, page cache included, where it was counted;
 *     else of the largest process
 * @param readBytes from block devices
 * @param writtenBytes to block devices
 */
public record Usage(
    long wallMs,
    long frozenMs,
    long stdoutBytes,
    long stderrBytes,
    long utimeMs,
    long stimeMs,
    long maxrssKb,
    long cpuMs,
    long peakBytes,
    long readBytes,
    long writtenBytes) {

  /** What a shim of an earlier release did not count is made up from what it did. */
  static Usage from(ControlFile file) {
    long cpuMs = file.number("utime_ms") + file.number("stime_ms");
    return new Usage(
        file.number("wall_ms"),
        file.number("frozen_ms"),
        file.number("stdout_bytes"),
        file.number("stderr_bytes"),
        file.number("utime_ms"),
        file.number("stime_ms"),
        file.number("maxrss_kb"),
        file.optionalNumber("cpu_ms").orElse(cpuMs),
        file.optionalNumber("peak_bytes").orElse(file.number("maxrss_kb") * 1024),
        file.optionalNumber("read_bytes").orElse(0),
        file.optionalNumber("written_bytes").orElse(0));
  }
}
