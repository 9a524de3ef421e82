package dev.holdfast.schemas.attempt;

import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.job.JobId;

/** An attempt that a worker found on its disk. */
public record HeldAttempt(JobId job, Token token) {
  public HeldAttempt {
    Require.present("job", job);
    Require.present("token", token);
  }
}
