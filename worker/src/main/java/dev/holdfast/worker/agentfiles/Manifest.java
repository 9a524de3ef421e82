package dev.holdfast.worker.agentfiles;

import dev.holdfast.schemas.Require;
import dev.holdfast.worker.output.StreamDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is in a bundle.
 *
 * @param files in the order of their paths
 */
record Manifest(List<Entry> files) {
  private static final int MOST_FILES = 10_000;
  private static final long MOST_BYTES = 256L * 1024 * 1024;

  Manifest {
    files = files == null ? List.of() : List.copyOf(files);
  }

  /**
   * One file.
   *
   * @param path relative, with slashes
   */
  record Entry(String path, String sha256, boolean executable) {
    Entry {
      Require.present("path", path);
      Require.present("sha256", sha256);
    }

    /** Whether the file there is this one. */
    boolean is(Path file) throws IOException {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && StreamDigest.of(file).sha256().equals(sha256);
    }
  }

  /**
   * Reads a bundle.
   *
   * @throws BundleRefused if it has what must not be laid into a workspace, or too much
   */
  static Manifest of(Path bundle) throws IOException, BundleRefused {
    var files = new ArrayList<Entry>();
    long bytes = 0;
    for (Path file : walk(bundle)) {
      String path = bundle.relativize(file).toString();
      if (Stream.of(path.split("/")).anyMatch(part -> part.equalsIgnoreCase(".git"))) {
        throw BundleRefused.unsafe(bundle, path, "is git's own");
      }
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw BundleRefused.unsafe(bundle, path, "is a link or no regular file");
      }
      bytes += Files.size(file);
      if (files.size() == MOST_FILES || bytes > MOST_BYTES) {
        throw BundleRefused.unsafe(
            bundle, path, "goes beyond %d files or %d bytes".formatted(MOST_FILES, MOST_BYTES));
      }
      files.add(new Entry(path, StreamDigest.of(file).sha256(), Files.isExecutable(file)));
    }
    return new Manifest(files);
  }

  private static List<Path> walk(Path bundle) throws IOException {
    try (Stream<Path> walk = Files.walk(bundle)) {
      return walk.filter(path -> !path.equals(bundle)).sorted().toList();
    } catch (UncheckedIOException e) {
      throw new IOException(e);
    }
  }
}
