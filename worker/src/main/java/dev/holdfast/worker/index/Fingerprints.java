package dev.holdfast.worker.index;

import static java.util.Objects.requireNonNull;

import dev.holdfast.worker.index.Manifest.FileFact;
import dev.holdfast.worker.output.StreamDigest;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What can be told of the files below a directory. */
final class Fingerprints {
  private Fingerprints() {}

  /**
   * What the kernel says of a file without reading it. The change time moves with every write, and
   * nobody can set it back.
   */
  record Stamp(long bytes, Map<String, Object> shown) {}

  /** Every file's stamp, by its path below the directory. */
  static SortedMap<String, Stamp> stamps(Path directory) throws IOException {
    var stamps = new TreeMap<String, Stamp>();
    for (Path file : files(directory)) {
      Map<String, Object> shown =
          Files.readAttributes(
              file, "unix:ino,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
      var size = (Number) requireNonNull(shown.get("size"));
      stamps.put(
          directory.relativize(file).toString(), new Stamp(size.longValue(), Map.copyOf(shown)));
    }
    return stamps;
  }

  /** Every file's size and digest. */
  static List<FileFact> facts(Path directory) throws IOException {
    var facts = new ArrayList<FileFact>();
    for (Path file : files(directory)) {
      facts.add(fact(directory, file));
    }
    return facts;
  }

  static FileFact fact(Path directory, Path file) throws IOException {
    StreamDigest digest = StreamDigest.of(file);
    return new FileFact(directory.relativize(file).toString(), digest.bytes(), digest.sha256());
  }

  /** Whatever is no directory counts as a file: a link that appears is not what was made. */
  private static List<Path> files(Path directory) throws IOException {
    var files = new ArrayList<Path>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(null);
    return files;
  }
}
