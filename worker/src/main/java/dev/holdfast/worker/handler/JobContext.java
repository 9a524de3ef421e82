package dev.holdfast.worker.handler;

import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import java.io.PrintStream;

/** What a handler is given. */
public interface JobContext {
  JobId job();

  /** Numbered from 1. */
  int attempt();

  /** Larger with every attempt: whoever guards an effect refuses a smaller one than it has seen. */
  Token token();

  JobSpec spec();

  /** Kept in memory up to a limit, published when the handler has returned. */
  PrintStream stdout();

  PrintStream stderr();

  /**
   * Whether to stop: the job was cancelled, or the lease has lapsed. The thread is interrupted too.
   */
  boolean cancelled();
}
