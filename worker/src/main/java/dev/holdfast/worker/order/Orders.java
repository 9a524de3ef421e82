package dev.holdfast.worker.order;

import dev.holdfast.schemas.attempt.Order;
import java.util.concurrent.CompletableFuture;

/** Whoever carries orders out. */
public interface Orders {
  /**
   * Takes an order up without blocking.
   *
   * @return completes once the effect is durable; one that fails is never committed
   */
  CompletableFuture<Void> carryOut(Order order);
}
