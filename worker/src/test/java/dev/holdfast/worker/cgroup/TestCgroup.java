package dev.holdfast.worker.cgroup;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.worker.process.Launch.Confinement;
import dev.holdfast.worker.process.Shim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A place for a test's cgroups in the real hierarchies; closing it ends and removes all of it. */
public final class TestCgroup implements AutoCloseable {
  private final Path chosen;
  private final List<Path> tops;

  private TestCgroup(Path chosen, List<Path> tops) {
    this.chosen = chosen;
    this.tops = tops;
  }

  /** Skips the test where there is none of this version, or it may not be written. */
  public static TestCgroup ofVersion(int version) throws IOException {
    boolean unified = version == 2;
    List<Mount> mounts =
        Mount.parse(Files.readString(Path.of("/proc/self/mountinfo"))).stream()
            .filter(mount -> mount.unified() == unified)
            .sorted(Comparator.comparing(mount -> !mount.controllers().contains("freezer")))
            .toList();
    assumeTrue(!mounts.isEmpty(), "skipped: no cgroups of version " + version + " are mounted");
    assumeTrue(
        unified || mounts.getFirst().controllers().contains("freezer"),
        "skipped: the freezer of version 1 is not mounted");
    String name = "holdfast-test-" + UUID.randomUUID().toString().substring(0, 8);
    List<Path> tops = mounts.stream().map(mount -> mount.point().resolve(name)).toList();
    try {
      Files.createDirectories(tops.getFirst());
    } catch (IOException e) {
      assumeTrue(false, "skipped: making cgroups of version " + version + " needs root: " + e);
    }
    return new TestCgroup(tops.getFirst(), tops);
  }

  /** As the setting names it. */
  public String setting() {
    return chosen.toString();
  }

  /** One cgroup without limits, for a test without a worker. */
  public Confinement make(String name) throws IOException {
    for (Path top : tops) {
      Files.createDirectories(top.resolve(name));
    }
    return new Confinement(tops.stream().map(top -> top.resolve(name)).toList(), 0, 0);
  }

  /** Whether the first controller of this name says so for every cgroup made below here. */
  public boolean has(String controller) throws IOException {
    return Files.exists(chosen.resolve("cgroup.controllers"))
        ? Files.readString(chosen.resolve("cgroup.controllers")).contains(controller)
        : tops.stream().anyMatch(top -> top.getParent().endsWith(controller));
  }

  /** A file of an attempt's cgroup in the hierarchy of version 1 that has the controller. */
  public Path file(String controller, String worker, Order.Assigned attempt, String name) {
    return jobs(controller).resolve(Path.of(worker, attempt.token() + "-" + attempt.job(), name));
  }

  /** The cgroup of all jobs in the hierarchy of version 1 that has the controller. */
  public Path jobs(String controller) {
    return tops.stream()
        .filter(top -> top.getParent().endsWith(controller))
        .findFirst()
        .orElseThrow()
        .resolve("holdfast");
  }

  /** All cgroups below, in the hierarchy that is asked for members. */
  public List<Path> all() throws IOException {
    try (Stream<Path> tree = Files.walk(chosen)) {
      return tree.filter(Files::isDirectory).filter(path -> !path.equals(chosen)).toList();
    }
  }

  /** Ends what is left with the shim's own means; the test that left it has failed by then. */
  public void clear(Shim shim) throws IOException, InterruptedException {
    for (Path cgroup : all()) {
      shim.endCgroup(List.of(cgroup));
    }
  }

  @Override
  public void close() throws IOException {
    for (Path top : tops) {
      if (!Files.isDirectory(top)) {
        continue;
      }
      List<Path> directories;
      try (Stream<Path> tree = Files.walk(top)) {
        directories = tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
      }
      for (Path directory : directories) {
        Files.delete(directory);
      }
    }
  }
}
