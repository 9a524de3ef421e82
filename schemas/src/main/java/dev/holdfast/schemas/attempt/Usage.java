package dev.holdfast.schemas.attempt;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.Require;

/**
 * What an attempt used of its machine, all its processes together.
 *
 * @param wallMs from the start of the command to the end of its last process, time frozen included
 * @param frozenMs how much of it the command was frozen
 * @param cpuMs processor time
 * @param peakMemoryBytes most memory at once
 * @param readBytes from block devices
 * @param writtenBytes to block devices
 * @param outputBytes printed
 * @param killedProcesses that had outlived the command and had to be ended
 * @param survivingProcesses that could not be ended, not even by KILL, when the outcome was written
 *     down: they sit in the kernel, or are another user's; left out if there are none
 */
public record Usage(
    long wallMs,
    long frozenMs,
    long cpuMs,
    long peakMemoryBytes,
    long readBytes,
    long writtenBytes,
    long outputBytes,
    int killedProcesses,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int survivingProcesses) {
  public Usage {
    Require.atLeast("wallMs", 0, wallMs);
    Require.atLeast("frozenMs", 0, frozenMs);
    Require.atLeast("cpuMs", 0, cpuMs);
    Require.atLeast("peakMemoryBytes", 0, peakMemoryBytes);
    Require.atLeast("readBytes", 0, readBytes);
    Require.atLeast("writtenBytes", 0, writtenBytes);
    Require.atLeast("outputBytes", 0, outputBytes);
    Require.atLeast("killedProcesses", 0, killedProcesses);
    Require.atLeast("survivingProcesses", 0, survivingProcesses);
  }

  /** Of an attempt of which nothing survives. */
  public Usage(
      long wallMs,
      long frozenMs,
      long cpuMs,
      long peakMemoryBytes,
      long readBytes,
      long writtenBytes,
      long outputBytes,
      int killedProcesses) {
    this(
        wallMs,
        frozenMs,
        cpuMs,
        peakMemoryBytes,
        readBytes,
        writtenBytes,
        outputBytes,
        killedProcesses,
        0);
  }
}
