package dev.holdfast.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Worker threads for what blocks. Queries of the view have threads of their own, so that reads of
 * the log, which wait for Kafka, cannot hold them up.
 */
final class Blocking implements AutoCloseable {
  private static final int QUERY_THREADS = 4;
  private static final int LOG_THREADS = 8;

  private final WorkerExecutor queries;
  private final WorkerExecutor log;

  Blocking(Vertx vertx) {
    queries = vertx.createSharedWorkerExecutor("gateway-query", QUERY_THREADS, 1, TimeUnit.MINUTES);
    log = vertx.createSharedWorkerExecutor("gateway-log", LOG_THREADS, 1, TimeUnit.MINUTES);
  }

  /** Runs a query of the view; the future completes on the caller's event loop. */
  @SuppressWarnings("NullAway") // no work of ours returns null
  <T> Future<T> query(Callable<T> work) {
    return queries.executeBlocking(work, false);
  }

  /** Runs something that may wait for Kafka. */
  @SuppressWarnings("NullAway") // no work of ours returns null
  <T> Future<T> log(Callable<T> work) {
    return log.executeBlocking(work, false);
  }

  @Override
  public void close() {
    queries.close();
    log.close();
  }
}
