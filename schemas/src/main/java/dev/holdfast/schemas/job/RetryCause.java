package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an attempt did not succeed, as far as retries tell causes apart. */
public enum RetryCause {
  /** The command left with another exit code than 0. */
  @JsonProperty("exit")
  EXIT,
  /** A signal ended the command that Holdfast did not send, or the memory limit did. */
  @JsonProperty("signal")
  SIGNAL,
  /** A time limit ran out. */
  @JsonProperty("timeout")
  TIMEOUT,
  /** Something that the command needs was away or broken: a git server, a registry, a disk. */
  @JsonProperty("infrastructure")
  INFRASTRUCTURE
}
