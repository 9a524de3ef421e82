package dev.holdfast.worker.workspace;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Runs a conversation with a server in a virtual thread of its own. JGit times a silent git server
 * out by an interrupt, which ends the read of a socket in a virtual thread but never in a platform
 * thread; here it does whatever thread the caller has, and cannot leave the caller's interrupted.
 */
final class RemoteCall {

  private static final long RECHECK_MS = 100;

  private RemoteCall() {}

  /**
   * Returns only when the call has ended: it may write into the mirror until then.
   *
   * @param givenUp asked often; once true, the call is interrupted
   */
  static <T> T run(Callable<T> call, BooleanSupplier givenUp) throws Exception {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = Thread.ofVirtual().name("git-remote").start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get(RECHECK_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (interrupted || givenUp.getAsBoolean()) {
            thread.interrupt();
          }
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw e.getCause() instanceof Exception failure ? failure : e;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
