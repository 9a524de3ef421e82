package dev.holdfast.worker.workspace;

import java.util.function.BooleanSupplier;
import org.eclipse.jgit.lib.EmptyProgressMonitor;

/** Shows no progress; lets JGit ask whether to go on. */
final class CancellableProgress extends EmptyProgressMonitor {

  private final BooleanSupplier cancelled;

  CancellableProgress(BooleanSupplier cancelled) {
    this.cancelled = cancelled;
  }

  @Override
  public boolean isCancelled() {
    return cancelled.getAsBoolean() || Thread.currentThread().isInterrupted();
  }
}
