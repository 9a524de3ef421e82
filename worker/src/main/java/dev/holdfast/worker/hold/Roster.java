package dev.holdfast.worker.hold;

import dev.holdfast.schemas.worker.DiskSpace;
import dev.holdfast.worker.container.Containers;
import dev.holdfast.worker.disk.DiskGuard;
import dev.holdfast.worker.presence.PresenceLoop.Offer;
import java.util.List;
import java.util.stream.Stream;

/** The holds, the slots that they take, and what the worker may offer to the coordinator. */
final class Roster {
  private final Holds holds = new Holds();
  private final Slots slots;
  private final WorkerMetrics metrics;
  private final Containers containers;
  private final DiskGuard disk;
  private final Runnable offerChanged;
  private volatile boolean reconciled;
  private volatile boolean draining;
  private volatile boolean left;

  Roster(int capacity, WorkerMetrics metrics, Links.Machine machine, Runnable offerChanged) {
    this.slots = new Slots(capacity);
    this.metrics = metrics;
    this.containers = machine.containers();
    this.disk = machine.disk();
    this.offerChanged = offerChanged;
  }

  Holds holds() {
    return holds;
  }

  Slots slots() {
    return slots;
  }

  WorkerMetrics metrics() {
    return metrics;
  }

  boolean draining() {
    return draining;
  }

  boolean left() {
    return left;
  }

  boolean reconciled() {
    return reconciled;
  }

  /** Nothing is offered before the handshake, nor while draining, nor without room on the disk. */
  Offer offer() {
    DiskSpace space = disk.space();
    int free = Math.max(0, slots.capacity() - holds.inTheWay());
    return new Offer(
        reconciled && !draining && disk.takesWork() ? free : 0,
        holds.count(),
        draining,
        containers.available(),
        Stream.concat(containers.unavailable().stream(), disk.unavailability().stream()).toList(),
        space,
        List.of());
  }

  void nowReconciled() {
    reconciled = true;
    offerChanged.run();
  }

  void nowDraining() {
    draining = true;
    offerChanged.run();
  }

  void nowLeft() {
    left = true;
  }

  void changed() {
    offerChanged.run();
  }

  ProcessHold.Tenancy tenancyOf(Slots.Slot slot) {
    return new ProcessHold.Tenancy() {
      @Override
      public void slotFree() {
        slot.giveBack();
      }

      @Override
      public void survived(long processes) {
        metrics.survived(processes);
      }

      @Override
      public void adopted() {
        metrics.adopted();
      }

      @Override
      public void gone(ProcessHold hold, boolean orphan) {
        slot.giveBack();
        boolean wasInTheWay = hold.inTheWay();
        holds.remove(hold.attempt());
        if (orphan) {
          metrics.orphan();
        }
        if (wasInTheWay) {
          changed();
        }
      }
    };
  }
}
