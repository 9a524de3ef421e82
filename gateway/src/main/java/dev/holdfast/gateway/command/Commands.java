package dev.holdfast.gateway.command;

import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.job.JobCommand;
import java.util.concurrent.CompletableFuture;

/** Hands commands to the log that the coordinator reads. */
public interface Commands {
  /**
   * Sends a command without blocking.
   *
   * @return completes when the log has it for good; fails with {@link NotAccepted} when that is not
   *     certain
   */
  CompletableFuture<Void> send(JobCommand command);

  /** The same for a command that is not about one job. */
  CompletableFuture<Void> send(CellCommand command);
}
