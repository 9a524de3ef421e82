package dev.holdfast.worker.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a directory looks like without reading its files: another one after any change.
 *
 * @param digest of all names, sizes, inodes and times of change
 * @param bytes of all files together
 * @param newest time of change
 * @param empty whether nothing is in it
 */
record Footprint(String digest, long bytes, Instant newest, boolean empty) {
  /** Times of change are as fine as the kernel's tick: two changes within one look like one. */
  private static final Duration GRAIN = Duration.ofMillis(20);

  static Footprint of(Path directory) throws IOException {
    var seen = new Walk(directory);
    Files.walkFileTree(directory, seen);
    return seen.footprint();
  }

  /** Whether a change after this look would be seen. */
  boolean settledAt(Instant now) {
    return newest.plus(GRAIN).isBefore(now);
  }

  private static final class Walk extends SimpleFileVisitor<Path> {
    private final Path top;
    private final Map<String, String> entries = new TreeMap<>();
    private long bytes;
    private Instant newest = Instant.EPOCH;

    private Walk(Path top) {
      this.top = top;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      note(directory);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      try {
        note(file);
        bytes += attributes.isRegularFile() ? attributes.size() : 0;
      } catch (NoSuchFileException e) {
        // Gone since it was listed: its directory's own change tells.
        entries.put(file.toString(), "gone");
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException && !file.equals(top)) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    private void note(Path entry) throws IOException {
      Map<String, Object> found =
          Files.readAttributes(entry, "unix:mode,ino,size,ctime", LinkOption.NOFOLLOW_LINKS);
      Instant changed = ((FileTime) requireNonNull(found.get("ctime"))).toInstant();
      newest = changed.isAfter(newest) ? changed : newest;
      entries.put(top.relativize(entry).toString(), new TreeMap<>(found).toString());
    }

    private Footprint footprint() {
      try {
        var sha256 = MessageDigest.getInstance("SHA-256");
        entries.forEach(
            (name, found) -> sha256.update((name + "\0" + found + "\0").getBytes(UTF_8)));
        return new Footprint(
            HexFormat.of().formatHex(sha256.digest()), bytes, newest, entries.size() == 1);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }
}
