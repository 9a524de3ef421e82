package dev.holdfast.worker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.job.RepositoryRef;
import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.workspace.GitWorkspaces;
import dev.holdfast.worker.workspace.MirrorShelf;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orphans of each kind beside things that look like them and live: the count must be exact. */
class OrphansTest {
  private static final String URL = "https://example.org/living.git";
  private static final Duration APART = Duration.ofSeconds(30);

  @TempDir Path data;
  private Instant now = Instant.now();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<Process> processes = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Set<Path> held = new HashSet<>();
  private final Set<Path> mustStay = new HashSet<>();
  private final Set<Path> mustGo = new HashSet<>();
  private final Set<Path> rescued = new HashSet<>();
  private RunDirectories runs;
  private Path shim;

  @BeforeEach
  void makeData() throws Exception {
    runs = RunDirectories.open(data.resolve("runs"));
    shim = Files.createDirectories(data.resolve("shim")).resolve("holdfast-shim-new");
    Files.writeString(shim, "x");
    stays(shim);
  }

  @AfterEach
  void endAll() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
  }

  private Sweep sweep() throws IOException {
    Trash trash = Trash.in(data.resolve("trash"));
    var mirrors = new MirrorShelf(data.resolve("mirrors"));
    return Sweep.of(
        data.resolve("sweep"),
        List.of(
            new RunStrays(
                runs,
                held::contains,
                new RunStrays.Care(directory -> {}, rescued::add),
                trash,
                () -> now),
            new LooseFiles(data, runs.root(), shim, trash),
            new MirrorStrays(mirrors, runs, trash, () -> now),
            new IndexStrays(data.resolve("indexes"), trash)),
        new Sweep.Pace(APART, () -> now),
        metrics);
  }

  private Path goes(Path path) {
    mustGo.add(path);
    return path;
  }

  private Path stays(Path path) {
    mustStay.add(path);
    return path;
  }

  private Path directory(String name) throws IOException {
    Path made = Files.createDirectories(data.resolve(name));
    Files.writeString(made.resolve("content"), "x");
    return made;
  }

  private Path file(String name) throws IOException {
    Path made = data.resolve(name);
    Files.createDirectories(made.getParent());
    return Files.writeString(made, "x");
  }

  private void worksIn(Path directory) throws IOException {
    processes.add(new ProcessBuilder("sleep", "1000").directory(directory.toFile()).start());
  }

  private void keepsOpen(Path file) throws IOException {
    open.add(FileChannel.open(file, StandardOpenOption.READ));
  }

  private void keepsLocked(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    open.add(channel);
    channel.lock();
  }

  private static Path old(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
    return path;
  }

  private void plant() throws Exception {
    goes(directory("runs/.new/job-1.1.1"));
    worksIn(stays(directory("runs/.new/job-1.1.2")));
    goes(directory("runs/.trash/job-1.1.3"));
    goes(old(directory("runs/.damaged/job-1.1.4")));
    stays(directory("runs/.damaged/job-1.1.5"));
    goes(Runs.make(runs, "unknown", null).path());
    keepsOpen(Runs.make(runs, "unknown-but-living", null).path().resolve("run.json"));
    stays(runs.root().resolve("unknown-but-living/1"));
    Path living = Runs.make(runs, "held", new RepositoryRef(URL, null)).path();
    held.add(stays(living));
    goes(file("runs/a-file"));
    goes(file("runs/held/another-file"));
    goes(Files.createDirectories(data.resolve("runs/empty-job")));

    goes(file("incarnation.7-3.tmp"));
    goes(file(data.relativize(living) + "/published.7-3.tmp"));
    keepsOpen(stays(file("disk-history.7-4.tmp")));
    stays(file(data.relativize(living) + "/work/the-jobs-own.tmp"));
    goes(file("shim/holdfast-shim-old"));
    Path running = stays(data.resolve("shim/holdfast-shim-running"));
    Files.copy(Path.of("/bin/sleep"), running);
    assertThat(running.toFile().setExecutable(true)).isTrue();
    processes.add(new ProcessBuilder(running.toString(), "1000").start());
    goes(directory("trash/something.1"));

    goes(directory("mirrors/0123.git.building"));
    stays(directory("mirrors/" + GitWorkspaces.mirrorName(URL, null) + ".building"));
    goes(directory("mirrors/4567.git"));
    stays(file("mirrors/89ab.git/HEAD").getParent());
    goes(old(directory("mirrors/damaged/cdef.git")));
    stays(directory("mirrors/damaged/fedc.git"));
    goes(directory("indexes/r/.making-lucene-1.7-1"));
    stays(directory("indexes/r/.making-lucene-2.7-1"));
    keepsLocked(data.resolve("indexes/r/lucene-2.lock"));
    goes(directory("indexes/r/lucene-3"));
    stays(file("indexes/r/lucene-4/manifest.json").getParent());
  }

  @Test
  void removesExactlyWhatBelongsToNobody() throws Exception {
    plant();
    Sweep sweep = sweep();

    assertThat(sweep.runOnce().removed())
        .as("at first only what was condemned already")
        .isEqualTo(Map.of("run-trash", 1, "trash", 1));
    now = now.plus(APART);
    Sweep.Summary summary = sweep.runOnce();

    assertThat(summary.kept()).as("%s", summary).hasSize(6);
    assertThat(mustGo).allSatisfy(path -> assertThat(path).doesNotExist());
    assertThat(mustStay).allSatisfy(path -> assertThat(path).exists());
    assertThat(summary.removedSinceStart())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("run-half-made", 1),
                Map.entry("run-trash", 1),
                Map.entry("run-damaged", 1),
                Map.entry("run-directory", 1),
                Map.entry("run-file", 3),
                Map.entry("temporary-file", 2),
                Map.entry("shim-binary", 1),
                Map.entry("trash", 1),
                Map.entry("mirror-half-made", 2),
                Map.entry("mirror-damaged", 1),
                Map.entry("index-half-made", 2)));
    assertThat(summary.removedSinceStart().values().stream().mapToInt(i -> i).sum())
        .isEqualTo(mustGo.size());
    assertThat(data.resolve("trash")).isEmptyDirectory();
    assertThat(rescued)
        .as("first the work in there is brought to safety")
        .contains(runs.damaged().resolve("job-1.1.4"), runs.root().resolve("unknown/1"));
    assertThat(metrics.counter("holdfast.worker.swept", "kind", "run-file").count()).isEqualTo(3);

    System.out.printf(
        "orphans: %d planted, %d removed; %d that look like them and live, %d kept%n",
        mustGo.size(),
        mustGo.stream().filter(path -> !Files.exists(path)).count(),
        mustStay.size(),
        mustStay.stream().filter(Files::exists).count());

    now = now.plus(APART);
    assertThat(sweep.runOnce().count()).as("nothing is left to find").isZero();
  }
}
