package dev.holdfast.worker.disk;

import dev.holdfast.schemas.worker.DiskSpace;

/**
 * What a file system has, at one moment.
 *
 * @param freeBytes that are not set aside for the superuser
 * @param freeInodes {@link #UNLIMITED} where the file system makes them as needed
 */
public record Room(long freeBytes, long totalBytes, long freeInodes, long totalInodes) {
  public static final long UNLIMITED = -1;

  DiskSpace announced(Marks marks) {
    return new DiskSpace(freeBytes, totalBytes, marks.reserveBytes(), freeInodes);
  }

  boolean hasBytes(long bytes) {
    return freeBytes >= bytes;
  }

  boolean hasInodes(long inodes) {
    return freeInodes == UNLIMITED || freeInodes >= inodes;
  }
}
