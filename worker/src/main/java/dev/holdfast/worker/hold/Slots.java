package dev.holdfast.worker.hold;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** How many attempts the worker may hold at once, and how many it does. */
final class Slots {
  private final int capacity;
  private final AtomicInteger taken = new AtomicInteger();

  Slots(int capacity) {
    this.capacity = capacity;
  }

  int capacity() {
    return capacity;
  }

  int taken() {
    return taken.get();
  }

  boolean free() {
    return taken.get() < capacity;
  }

  /** Takes a slot, even beyond the capacity: what was found on the disk is there. */
  Slot take() {
    taken.incrementAndGet();
    return new Slot();
  }

  /** One taken slot. Giving it back twice does no harm. */
  final class Slot {
    private final AtomicBoolean held = new AtomicBoolean(true);

    void giveBack() {
      if (held.compareAndSet(true, false)) {
        taken.decrementAndGet();
      }
    }
  }
}
