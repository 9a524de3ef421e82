package dev.holdfast.worker.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * This worker's directory in one hierarchy, with the directories of attempts below it.
 *
 * @param controllers that directories of attempts have
 */
record Branch(Path directory, boolean unified, Set<String> controllers) {
  static final String JOBS = "holdfast";

  /** No attempt's name: those begin with a token. */
  static final String PROBE = "probe";

  private static final List<String> UNIFIED = List.of("cpu", "memory", "pids", "io");

  /** Makes the branch in the first candidate that lets it be made. */
  static Branch grow(Place place, String worker) throws IOException {
    var problems = new IOException("no cgroup can be made in " + place.candidates());
    for (Path candidate : place.candidates()) {
      try {
        return grow(candidate, place.mount(), worker);
      } catch (IOException e) {
        problems.addSuppressed(e);
      }
    }
    throw problems;
  }

  private static Branch grow(Path parent, Mount mount, String worker) throws IOException {
    Path jobs = parent.resolve(JOBS);
    Path directory = jobs.resolve(worker);
    Files.createDirectories(directory);
    if (!Files.isWritable(directory.resolve("cgroup.procs"))) {
      throw new IOException("processes cannot be moved to " + directory);
    }
    if (!mount.unified()) {
      return new Branch(directory, false, mount.controllers());
    }
    var controllers = new LinkedHashSet<String>();
    for (String controller : UNIFIED) {
      if (enable(controller, parent) && enable(controller, jobs) && enable(controller, directory)) {
        controllers.add(controller);
      }
    }
    return new Branch(directory, true, controllers);
  }

  /** Fails where the parent has not got it, or has processes of its own. */
  private static boolean enable(String controller, Path directory) {
    return write(directory.resolve("cgroup.subtree_control"), "+" + controller);
  }

  /** Whether a process of this worker can be moved into an attempt's directory here. */
  boolean accepts(long pid) {
    try {
      Path probe = Files.createDirectories(directory.resolve(PROBE));
      return write(probe.resolve("cgroup.procs"), Long.toString(pid));
    } catch (IOException refused) {
      return false;
    }
  }

  /** All jobs of all workers of the machine that share a parent. */
  Path jobs() {
    return directory.resolveSibling("");
  }

  /** Answers whether every value was taken. */
  boolean apply(String name, Map<String, String> values) throws IOException {
    Path attempt = directory.resolve(name);
    Files.createDirectories(attempt);
    boolean all = true;
    for (Map.Entry<String, String> value : values.entrySet()) {
      all &= write(attempt.resolve(value.getKey()), value.getValue());
    }
    return all;
  }

  Set<String> attempts() throws IOException {
    var names = new LinkedHashSet<String>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .forEach(names::add);
    } catch (NoSuchFileException gone) {
      return names;
    }
    return names;
  }

  /**
   * Removes the attempt's directory, and what the job may have made in it.
   *
   * @throws IOException if the kernel still sees something in it
   */
  void prune(String name) throws IOException {
    removeEmpty(directory.resolve(name));
  }

  void thaw(String name) {
    Path attempt = directory.resolve(name);
    write(attempt.resolve("cgroup.freeze"), "0");
    write(attempt.resolve("freezer.state"), "THAWED");
  }

  /** The worker's own directory, once it has no attempts; others may use what is above. */
  void removeIfBare() throws IOException {
    if (attempts().isEmpty()) {
      removeEmpty(directory);
    }
  }

  private static void removeEmpty(Path top) throws IOException {
    if (!Files.isDirectory(top)) {
      return;
    }
    List<Path> directories;
    try (Stream<Path> tree = Files.walk(top)) {
      directories = tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : directories) {
      // Not Files.delete's recursion: the files of a cgroup go with its directory.
      Files.deleteIfExists(each);
    }
  }

  static boolean write(Path file, String value) {
    try {
      Files.write(file, value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }
}
