package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;

/** One attempt in a worker's hands. */
interface Hold {
  HeldAttempt attempt();

  void begin();

  /** The coordinator answered the handshake. */
  void told(Order.Standing verdict);

  /** An order to end it, whose effect is to be told once it is durable. */
  void stop(Order.StopReason reason, Runnable durable);

  /** The coordinator has what it needs; tells once nothing of it can come back. */
  void settle(Runnable gone);

  /** Something may have changed: look closely now. */
  void look();

  /** Whether it takes up a slot that the coordinator believes to be free. */
  boolean inTheWay();

  /** Whether the next incarnation will find it. */
  boolean survivesWorker();
}
