package dev.holdfast.worker.disk;

import java.time.Duration;
import java.time.Instant;

/**
 * How the disk stands, since when, and in which words.
 *
 * @param reason for people; empty while there is room
 */
record DiskState(Level level, Instant since, String reason) {
  /** Caches that would give room are kept this long, in case a job that ends gives it sooner. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** How much is left. */
  enum Level {
    /** Enough to take work. */
    ROOMY,
    /** Less than the reserve: what is under way goes on, nothing is taken. */
    SHORT,
    /** Less than half of the reserve. */
    CRITICAL
  }

  static DiskState roomy(Instant now) {
    return new DiskState(Level.ROOMY, now, "");
  }

  boolean takesWork() {
    return level == Level.ROOMY;
  }

  /** Whether caches are to be given up now: at once below the lower mark, else after a while. */
  boolean wantsRoom(Instant now) {
    return level == Level.CRITICAL
        || (level == Level.SHORT && Duration.between(since, now).compareTo(PATIENCE) >= 0);
  }

  /** Tells how the disk stands now. */
  DiskState next(Room room, Marks marks, Instant now) {
    Level found = level(room, marks);
    if (found == Level.ROOMY) {
      return takesWork() ? this : roomy(now);
    }
    String words = words(room, marks);
    return new DiskState(found, takesWork() ? now : since, words);
  }

  private Level level(Room room, Marks marks) {
    if (!marks.halfKeptBy(room)) {
      return Level.CRITICAL;
    }
    boolean enough = takesWork() ? marks.keptBy(room) : marks.clearedBy(room);
    return enough ? Level.ROOMY : Level.SHORT;
  }

  private static String words(Room room, Marks marks) {
    return room.hasBytes(marks.reserveBytes()) && !room.hasInodes(marks.reserveInodes())
        ? "%d inodes are free of %d, %d are reserved"
            .formatted(room.freeInodes(), room.totalInodes(), marks.reserveInodes())
        : "%s are free of %s, %s are reserved"
            .formatted(
                Bytes.say(room.freeBytes()),
                Bytes.say(room.totalBytes()),
                Bytes.say(marks.reserveBytes()));
  }
}
