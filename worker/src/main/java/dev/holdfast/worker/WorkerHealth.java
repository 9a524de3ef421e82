package dev.holdfast.worker;

import dev.holdfast.runtime.health.Health;
import dev.holdfast.worker.hold.AttemptDesk;
import dev.holdfast.worker.order.OrderThread;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What makes a worker ready, and alive. */
final class WorkerHealth {
  private WorkerHealth() {}

  /**
   * Registers the checks.
   *
   * @param orders null until orders are read
   */
  static Health of(String bootstrap, AttemptDesk desk, Supplier<@Nullable OrderThread> orders) {
    var health = new Health();
    health.readiness(
        "orders",
        () -> {
          OrderThread reading = orders.get();
          return reading != null && reading.reading()
              ? Optional.empty()
              : Optional.of("cannot read orders from Kafka at " + bootstrap);
        });
    health.readiness(
        "reconciled",
        () ->
            desk.reconciled()
                ? Optional.empty()
                : Optional.of("the coordinator has not answered the handshake yet"));
    health.liveness(
        "order-loop",
        () -> {
          OrderThread reading = orders.get();
          return reading == null || reading.alive()
              ? Optional.empty()
              : Optional.of("the order loop has ended");
        });
    return health;
  }
}
