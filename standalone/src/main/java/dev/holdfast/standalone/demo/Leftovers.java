package dev.holdfast.standalone.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.worker.cgroup.Cgroups;
import dev.holdfast.worker.run.WorkerHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ends every process that belongs to a directory: one that has it in its command line (a role, a
 * shim) or in its environment (a job), and removes the cgroups of its workers. The last resort of a
 * demo that went wrong.
 */
public final class Leftovers {
  /** {@code workers/NAME/unique-name}, in the directory or one below it. */
  private static final int DEPTH = 4;

  private final Path directory;
  private final String marker;

  public Leftovers(Path directory) {
    this.directory = directory;
    this.marker = directory.toString();
  }

  /** How many there are now. */
  public int count() {
    return find().size();
  }

  public void end() {
    List<Cgroups> cgroups = cgroups();
    cgroups.forEach(Leftovers::thaw);
    endProcesses(cgroups);
    cgroups.forEach(Leftovers::prune);
  }

  private List<Cgroups> cgroups() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files =
        Files.find(directory, DEPTH, (path, is) -> path.endsWith(WorkerHome.UNIQUE_NAME))) {
      return files.map(Leftovers::read).map(Leftovers::cgroupsOf).toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Cgroups cgroupsOf(String worker) {
    try {
      return Cgroups.open("auto", worker);
    } catch (IOException e) {
      return Cgroups.none();
    }
  }

  private static void thaw(Cgroups cgroups) {
    try {
      cgroups.thaw();
    } catch (IOException e) {
      // What stays frozen is named by count().
    }
  }

  private static void prune(Cgroups cgroups) {
    try {
      cgroups.prune();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A shim freezes its job again until it is ended itself, and what is frozen cannot be ended. */
  private void endProcesses(List<Cgroups> cgroups) {
    for (int round = 0; round < 50; round++) {
      List<ProcessHandle> left = find();
      if (left.isEmpty()) {
        return;
      }
      left.forEach(ProcessHandle::destroyForcibly);
      cgroups.forEach(Leftovers::thaw);
    }
  }

  private List<ProcessHandle> find() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process -> names(process, "cmdline") || names(process, "environ"))
        .toList();
  }

  private boolean names(ProcessHandle process, String file) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), file));
      return new String(bytes, ISO_8859_1).contains(marker);
    } catch (IOException e) {
      return false;
    }
  }
}
