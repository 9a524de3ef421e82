package dev.holdfast.worker.order;

import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.order.OrderLoop.OrderSource;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The order loop and the thread that runs it. */
public final class OrderThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OrderThread.class);
  private static final long BETWEEN_TRIES_MS = 100;
  private static final long ENDS_WITHIN_MS = 5000;

  private final OrderLoop loop;
  private final Thread thread;

  private OrderThread(OrderLoop loop) {
    this.loop = loop;
    this.thread = Thread.ofPlatform().name("orders").start(loop);
  }

  /**
   * Takes up the position, for which it waits as long as it takes, and starts to read. What is said
   * after this returns is answered into a log that is being read.
   *
   * @param sources a new consumer for every try
   */
  public static OrderThread start(
      WorkerId worker, Supplier<OrderSource> sources, Orders orders, DeadLetters deadLetters)
      throws InterruptedException {
    while (true) {
      OrderSource source = sources.get();
      try {
        return new OrderThread(OrderLoop.positioned(worker, source, orders, deadLetters));
      } catch (KafkaException e) {
        source.consumer().close();
        log.info("waiting for a position in {}: {}", source.partition(), e.toString());
        Thread.sleep(BETWEEN_TRIES_MS);
      }
    }
  }

  /** Whether the last poll got through. */
  public boolean reading() {
    return loop.reading();
  }

  /** Whether the thread lives. */
  public boolean alive() {
    return thread.isAlive();
  }

  /** Commits what is done, and ends. */
  @Override
  public void close() {
    loop.close();
    try {
      thread.join(ENDS_WITHIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
