package dev.holdfast.worker.disk;

import java.util.OptionalLong;

/**
 * Where a file system counts as short of room. Below the reserve nothing is assigned; below half of
 * it caches are shed at once; a quarter above it work is taken again, so that a worker at the mark
 * does not announce something new at every look.
 */
record Marks(long reserveBytes, long reserveInodes) {
  private static final long GIBIBYTE = 1024L * 1024 * 1024;
  private static final int PERCENT_OF_BYTES = 5;
  private static final int PERCENT_OF_INODES = 1;
  private static final long MOST_INODES = 2000;

  /**
   * The marks of a file system.
   *
   * @param askedBytes empty for 5 % of it, but not more than 1 GiB
   */
  static Marks of(OptionalLong askedBytes, Room room) {
    long bytes = askedBytes.orElse(Math.min(GIBIBYTE, room.totalBytes() / 100 * PERCENT_OF_BYTES));
    long inodes =
        room.freeInodes() == Room.UNLIMITED
            ? 0
            : Math.min(MOST_INODES, room.totalInodes() / 100 * PERCENT_OF_INODES);
    return new Marks(bytes, inodes);
  }

  boolean keptBy(Room room) {
    return room.hasBytes(reserveBytes) && room.hasInodes(reserveInodes);
  }

  boolean halfKeptBy(Room room) {
    return room.hasBytes(reserveBytes / 2) && room.hasInodes(reserveInodes / 2);
  }

  /** Whether there is enough again for one that was short. */
  boolean clearedBy(Room room) {
    return room.hasBytes(reserveBytes + reserveBytes / 4)
        && room.hasInodes(reserveInodes + reserveInodes / 4);
  }
}
