package dev.holdfast.worker.container;

import dev.holdfast.worker.container.EngineException.Code;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes calls on threads of its own, each with a deadline: an engine that hangs costs its callers
 * the deadline, a few threads, and nobody else anything.
 */
final class Calls implements AutoCloseable {
  private static final int MOST_AT_ONCE = 32;
  private static final long IDLE_THREAD_S = 30;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          MOST_AT_ONCE,
          IDLE_THREAD_S,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("container-engine-", 0).factory());

  /** What it throws comes back as it was thrown, if it is unchecked. */
  <T> T within(Duration deadline, String what, Callable<T> call) {
    Future<T> result = submit(what, call);
    try {
      return result.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      result.cancel(true);
      throw new EngineException(
          Code.UNREACHABLE, "no answer to '%s' within %s".formatted(what, deadline), e);
    } catch (InterruptedException e) {
      result.cancel(true);
      Thread.currentThread().interrupt();
      throw new EngineException(Code.CANCELLED, "interrupted in '" + what + "'", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EngineException failure
          ? failure
          : EngineFaults.of(what, e.getCause());
    }
  }

  private <T> Future<T> submit(String what, Callable<T> call) {
    try {
      return threads.submit(call);
    } catch (RejectedExecutionException e) {
      throw new EngineException(
          Code.UNREACHABLE,
          "'%s' was not even tried: %d calls are under way".formatted(what, MOST_AT_ONCE),
          e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
