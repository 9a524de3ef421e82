package dev.holdfast.schemas.job;

import dev.holdfast.schemas.InvalidField;

/**
 * A directory, {@code $HOLDFAST_CHECKPOINT}, that is saved while the job runs and laid out again
 * for a later attempt.
 *
 * @param maxBytes a larger one is not saved, and the job's history says so; 16 MiB if left out
 */
public record Checkpointing(Long maxBytes) {
  private static final long DEFAULT_BYTES = 16L * 1024 * 1024;
  private static final long MOST_BYTES = 256L * 1024 * 1024;

  public Checkpointing {
    maxBytes = maxBytes == null ? DEFAULT_BYTES : maxBytes;
    if (maxBytes < 1 || maxBytes > MOST_BYTES) {
      throw new InvalidField("maxBytes", "must be from 1 to " + MOST_BYTES + ", not " + maxBytes);
    }
  }
}
