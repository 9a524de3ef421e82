package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.Order;
import java.util.TreeMap;

/**
 * Reads a worker's partition of the orders from the committed offset on. What was carried out is
 * committed a little later, and only up to the first order whose effect is not yet durable.
 */
final class OrderReader {
  private static final long LONGEST_POLL_MS = 20;
  private static final long COMMIT_EVERY_MS = 100;

  private final World world;
  private final WorkerProcess process;
  private final Partition<Order> orders;
  private final TreeMap<Integer, Boolean> doneByOffset = new TreeMap<>();
  private int position;
  private int committable;
  private int committed;
  private boolean polling;
  private boolean committing;

  OrderReader(World world, WorkerProcess process) {
    this.world = world;
    this.process = process;
    this.orders = world.broker().orders(process.worker());
  }

  /** Without a committed offset it begins at the end; the handshake settles what was before. */
  void begin() {
    position = world.broker().committed(process.worker()).orElse(orders.end());
    committable = position;
    committed = position;
    if (world.broker().committed(process.worker()).isEmpty()) {
      world.broker().commit(process.worker(), position);
    }
    wake();
  }

  /** What is fetched is in the process, and no cut of the network can take it away again. */
  void wake() {
    if (!polling && position < orders.end() && process.link().inward()) {
      polling = true;
      int offset = position++;
      Order order = orders.at(offset).value();
      if (order instanceof Order.Assigned && order.worker().equals(process.worker())) {
        process.stumblesAt(Occasion.STUMBLED_OVER_ASSIGNMENT);
      }
      process.life().after(world.chance().between(0, LONGEST_POLL_MS), () -> take(offset, order));
    }
  }

  private void take(int offset, Order order) {
    polling = false;
    doneByOffset.put(offset, false);
    if (order.worker().equals(process.worker())) {
      process.carryOut(order, () -> done(offset));
    } else {
      done(offset);
    }
    wake();
  }

  private void done(int offset) {
    doneByOffset.replace(offset, true);
    while (!doneByOffset.isEmpty() && doneByOffset.firstEntry().getValue()) {
      committable = doneByOffset.pollFirstEntry().getKey() + 1;
    }
    commitSoon();
  }

  private void commitSoon() {
    if (!committing && committable > committed) {
      committing = true;
      process
          .life()
          .after(
              COMMIT_EVERY_MS,
              () -> {
                committing = false;
                commit(committable);
                commitSoon();
              });
    }
  }

  private void commit(int offset) {
    if (process.link().open()) {
      committed = offset;
      world.broker().commit(process.worker(), offset);
    }
  }
}
