package dev.holdfast.worker.disk;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What something takes up on a disk. */
public record Footprint(long bytes, long inodes) {
  static final Footprint NOTHING = new Footprint(0, 0);
  private static final long BLOCK = 4096;
  private static final Footprint USUAL = new Footprint(64L * 1024 * 1024, 1000);

  /** What is expected of a job without a history here; a small disk is not taken for granted. */
  static Footprint unknown(Room room) {
    return new Footprint(
        Math.min(USUAL.bytes(), room.totalBytes() / 100),
        room.totalInodes() == 0 ? 0 : Math.min(USUAL.inodes(), room.totalInodes() / 100));
  }

  Footprint plus(Footprint other) {
    return new Footprint(bytes + other.bytes, inodes + other.inodes);
  }

  /** As much as the larger of the two, of each. */
  Footprint or(Footprint other) {
    return new Footprint(Math.max(bytes, other.bytes), Math.max(inodes, other.inodes));
  }

  /**
   * Measures a tree; what vanishes meanwhile, or may not be read, does not count. A file counts in
   * whole blocks; one with holes or shared blocks counts for more than it takes.
   */
  static Footprint of(Path top) throws IOException {
    long[] sum = new long[2];
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return count(attributes);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return count(attributes);
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
          }

          private FileVisitResult count(BasicFileAttributes attributes) {
            sum[0] += (attributes.size() + BLOCK - 1) / BLOCK * BLOCK;
            sum[1]++;
            return FileVisitResult.CONTINUE;
          }
        });
    return new Footprint(sum[0], sum[1]);
  }
}
