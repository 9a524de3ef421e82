package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One attempt in this worker's hands. Every method returns at once; any thread may call. */
interface Hold {
  HeldAttempt attempt();

  /** The coordinator answered the handshake. */
  void told(Order.Standing verdict);

  /** Completes once the order would survive a crash of this worker. */
  CompletableFuture<Void> stop(Order.StopReason reason);

  /** The attempt is settled; completes once it cannot come back. */
  CompletableFuture<Void> settle();

  /** Look closely now. */
  void look();

  /** Do what is due; called every tick. */
  void tick(Duration tick);

  /** Whether it takes up a slot that the coordinator believes to be free. */
  boolean inTheWay();

  /** Whether the next incarnation will find it. */
  boolean survivesWorker();

  /** Let go of it as it is: the worker leaves. Completes once nothing is written any more. */
  CompletableFuture<Void> leave();
}
