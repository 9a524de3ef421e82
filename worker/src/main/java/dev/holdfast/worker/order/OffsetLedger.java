package dev.holdfast.worker.order;

import java.util.TreeMap;

/**
 * Which orders are carried out, and up to where the log need not be read again. Orders may be done
 * in any sequence; the committable offset is that of the first one still open. Safe for many
 * threads.
 */
final class OffsetLedger {
  private final TreeMap<Long, Boolean> doneByOffset = new TreeMap<>();
  private long committable;

  /** Nothing before this offset is open. */
  OffsetLedger(long start) {
    this.committable = start;
  }

  synchronized void opened(long offset) {
    doneByOffset.put(offset, false);
  }

  synchronized void done(long offset) {
    doneByOffset.replace(offset, true);
    while (!doneByOffset.isEmpty() && doneByOffset.firstEntry().getValue()) {
      committable = doneByOffset.pollFirstEntry().getKey() + 1;
    }
  }

  /** The offset to commit: everything before it is done. */
  synchronized long committable() {
    return committable;
  }

  synchronized int open() {
    return doneByOffset.size();
  }
}
