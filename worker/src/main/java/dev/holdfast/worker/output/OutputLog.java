package dev.holdfast.worker.output;

import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.job.JobId;
import java.util.concurrent.CompletableFuture;

/** Where output goes. Chunks of one job are kept in the order in which they were handed over. */
public interface OutputLog {
  /** Completes once the chunk is safe, or fails when it is not known to be. */
  CompletableFuture<Void> append(JobId job, OutputChunk chunk);
}
