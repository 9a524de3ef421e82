package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.attempt.TrustWindow;
import java.util.Objects;
import java.util.OptionalLong;

/** Takes assignments, or hands them back. */
final class Intake {
  /** So much of the lease must be left: a third. */
  private static final int LEAST_PART_OF_LEASE = 3;

  private final World world;
  private final Host host;
  private final WorkerProcess process;
  private long newestToken;

  Intake(World world, Host host, WorkerProcess process) {
    this.world = world;
    this.host = host;
    this.process = process;
  }

  void assigned(Order.Assigned order, OptionalLong presenceSentAtMs, Runnable durable) {
    if (order.incarnation() != process.incarnation() || order.token().value() <= newestToken) {
      durable.run();
      return;
    }
    newestToken = order.token().value();
    Liveness liveness = Objects.requireNonNull(order.spec().liveness());
    long leaseMs = liveness.lease().toMillis();
    long nowMs = process.bootMs();
    long countedMs =
        world.conduct().grantCountsFromMs(presenceSentAtMs.orElse(nowMs - leaseMs), nowMs);
    if (!process.hasFreeSlot() || countedMs + leaseMs - nowMs < leaseMs / LEAST_PART_OF_LEASE) {
      process.deliver(
          new WorkerReport.Released(process.worker(), order.job(), order.token(), "not now"),
          durable);
      return;
    }
    var attempt = new HeldAttempt(order.job(), order.token());
    var window = TrustWindow.granted(liveness, countedMs);
    if (host.work(order.job()).handler()) {
      var lease = new KeptLease(attempt, window, Phase.RUNNING, deadlineMs -> {});
      process.hold(new HandlerHold(world, host, process, lease));
      durable.run();
    } else {
      var directory = new RunDirectory(order, host.machine().boot(), window.deadlineMs());
      var lease = new KeptLease(attempt, window, Phase.PREPARING, directory::writeLease);
      var papers = ProcessHold.Papers.assigned(directory, lease, durable);
      process.hold(new ProcessHold(world, host, process, papers));
    }
  }
}
