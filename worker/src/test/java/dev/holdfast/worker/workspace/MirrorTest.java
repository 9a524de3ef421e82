package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.RepositoryCache;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorTest {

  @TempDir Path temporary;
  WorkspaceFixture fixture;

  @BeforeEach
  void createFixture() throws IOException {
    fixture = WorkspaceFixture.create(temporary);
  }

  @Test
  void servesManyPreparationsAtOnceWhileTheRemoteMoves() throws Exception {
    List<Future<PreparedWorkspace>> prepared = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        String job = "job-" + i;
        // Two adapters stand for two users of one data directory.
        GitWorkspaces workspaces =
            i % 2 == 0 ? fixture.workspaces() : WorkspaceFixture.workspaces(fixture.root());
        prepared.add(
            threads.submit(() ->
                workspaces.prepare(
                    fixture.workspaceDir(job),
                    fixture.source().at("main"),
                    "holdfast/" + job,
                    () -> false)));
        if (i % 10 == 5) {
          fixture.source().write("README.md", "version " + i + "\n");
          fixture.source().commit("version " + i);
        }
      }
      for (Future<PreparedWorkspace> future : prepared) {
        PreparedWorkspace workspace = future.get();
        assertThat(workspace.notes()).isEmpty();
        assertThat(git(workspace.directory(), "status", "--porcelain")).isEmpty();
        assertThat(git(workspace.directory(), "rev-parse", "HEAD"))
            .isEqualTo(workspace.baseCommit());
      }
    }
    assertThat(git(fixture.mirror(), "fsck", "--full")).doesNotContain("error", "missing");
  }

  @Test
  void otherProcessesSeeTheLockWhileAMirrorIsFetched() throws Exception {
    Path lock = MirrorShelf.lockOf(fixture.mirror());
    List<Boolean> seen = new ArrayList<>();

    fixture
        .workspaces()
        .prepare(
            fixture.workspaceDir("job-1"),
            fixture.source().atDefault(),
            "holdfast/job-1",
            () -> {
              // Asked on the way, at each object that comes.
              seen.add(locked(lock));
              return false;
            });
    assertThat(seen).contains(true);
    assertThat(locked(lock)).isFalse();
  }

  /** As the kernel shows it to everybody. */
  private static boolean locked(Path file) {
    if (!Files.exists(file)) {
      return false;
    }
    try {
      String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
      return Files.readAllLines(Path.of("/proc/locks")).stream()
          .anyMatch(line -> line.contains("POSIX") && line.contains(inode));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void waitsForAnotherProcessThatHoldsTheMirror() throws Exception {
    fixture.prepare("job-1");
    Path lock = fixture.mirror().resolveSibling(fixture.mirror().getFileName() + ".lock");
    // fcntl locks, as Java's; the holder says when it has the lock, and dies without unlocking.
    Process holder =
        new ProcessBuilder(
                "python3",
                "-c",
                "import fcntl,sys;f=open(sys.argv[1],'w');fcntl.lockf(f,fcntl.LOCK_EX);"
                    + "print('held',flush=True);sys.stdin.read()",
                lock.toString())
            .start();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      WorkspaceException given =
          catchThrowableOfType(
              WorkspaceException.class,
              () ->
                  fixture
                      .workspaces()
                      .prepare(
                          fixture.workspaceDir("job-2"),
                          fixture.source().atDefault(),
                          "holdfast/job-2",
                          () -> true));
      assertThat(given.code()).isEqualTo(Code.CANCELLED);

      Future<PreparedWorkspace> waiting = threads.submit(() -> fixture.prepare("job-3"));
      holder.destroyForcibly();

      assertThat(waiting.get().directory()).isDirectory();
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void sweepsWhatACrashedFetchLeft() throws IOException {
    fixture.prepare("job-1");
    Path mirror = fixture.mirror();
    for (String leftover :
        List.of(
            "packed-refs.lock",
            "refs/heads/main.lock",
            "FETCH_HEAD.lock",
            "objects/incoming_1.pack")) {
      Files.createDirectories(mirror.resolve(leftover).getParent());
      Files.writeString(mirror.resolve(leftover), "half");
    }
    Path halfBuilt = mirror.resolveSibling(mirror.getFileName() + ".building");
    Files.createDirectories(halfBuilt.resolve("objects"));
    fixture.source().write("README.md", "third\n");
    String third = fixture.source().commit("third");
    git(fixture.source().directory(), "branch", "tmp_keeps-its-name");

    PreparedWorkspace workspace = fixture.prepare("job-2");

    assertThat(workspace.baseCommit()).isEqualTo(third);
    assertThat(workspace.notes())
        .anySatisfy(note -> assertThat(note).contains("removed 4 leftovers", "FETCH_HEAD.lock"))
        .anySatisfy(note -> assertThat(note).contains("threw an unfinished clone away"));
    assertThat(mirror.resolve("packed-refs.lock")).doesNotExist();
    assertThat(mirror.resolve("objects/incoming_1.pack")).doesNotExist();
    assertThat(fixture.prepare("job-3", fixture.source().at("tmp_keeps-its-name")).baseCommit())
        .isEqualTo(third);
  }

  @Test
  void startsOverAfterACrashInTheMiddleOfTheFirstClone() throws IOException {
    Path mirror = fixture.mirror();
    Path halfBuilt = mirror.resolveSibling(mirror.getFileName() + ".building");
    Files.createDirectories(halfBuilt.resolve("objects/pack"));
    Files.writeString(halfBuilt.resolve("HEAD"), "ref: refs/he");

    PreparedWorkspace workspace = fixture.prepare("job-1");

    assertThat(workspace.notes())
        .singleElement()
        .asString()
        .contains("threw an unfinished clone away");
    assertThat(halfBuilt).doesNotExist();
  }

  @Test
  void clonesAMirrorAnewWhosePackIsCut() throws IOException {
    fixture.prepare("job-1");
    Path pack = onlyPack();
    truncate(pack, Files.size(pack) / 2);

    assertRepaired(fixture.prepare("job-2"), "does not end as its index says");
  }

  @Test
  void clonesAMirrorAnewWhoseRefNamesADamagedLooseObject() throws IOException {
    fixture.prepare("job-1");
    Path loose = unpackedObject(fixture.source().id("main"));
    truncate(loose, Files.size(loose) / 2);

    assertRepaired(fixture.prepare("job-2"), "refs/");
  }

  @Test
  void clonesAMirrorAnewWhoseDamageShowsOnlyAtCheckout() throws IOException {
    fixture.prepare("job-1");
    Path loose =
        unpackedObject(git(fixture.source().directory(), "rev-parse", "main:src/größe 1.txt"));
    truncate(loose, 3);

    PreparedWorkspace workspace = fixture.prepare("job-2");

    assertRepaired(workspace, "was damaged");
    assertThat(workspace.directory().resolve("src/größe 1.txt")).hasContent("one\ntwo\nthree\n");
  }

  @Test
  void clonesAMirrorAnewThatIsNoRepositoryAnyMore() throws IOException {
    fixture.prepare("job-1");
    Files.delete(fixture.mirror().resolve("HEAD"));

    assertRepaired(fixture.prepare("job-2"), "it is not a git repository");
  }

  @Test
  void leavesADamagedMirrorInPlaceWhileTheRemoteIsAway() throws IOException {
    PreparedWorkspace living = fixture.prepare("job-1");
    Files.delete(fixture.mirror().resolve("HEAD"));
    Path away = temporary.resolve("away");
    Files.move(fixture.source().directory(), away);

    WorkspaceException failure =
        catchThrowableOfType(WorkspaceException.class, () -> fixture.prepare("job-2"));

    assertThat(failure.code()).isEqualTo(Code.REPOSITORY_NOT_FOUND);
    assertThat(git(living.directory(), "log", "--format=%s")).isEqualTo("second\nfirst");
    Files.move(away, fixture.source().directory());
    assertRepaired(fixture.prepare("job-3"), "it is not a git repository");
    assertThat(git(living.directory(), "fsck", "--full")).doesNotContain("error", "missing");
  }

  private void assertRepaired(PreparedWorkspace workspace, String reason) {
    assertThat(workspace.notes()).singleElement().asString().contains(reason);
    assertThat(fixture.root().resolve("mirrors/damaged").resolve(fixture.mirror().getFileName()))
        .isDirectory();
    assertThat(git(workspace.directory(), "status", "--porcelain")).isEmpty();
    assertThat(git(fixture.mirror(), "fsck", "--full")).doesNotContain("error", "missing");
    assertThat(fixture.prepare("after-repair").notes()).isEmpty();
  }

  private Path onlyPack() throws IOException {
    try (Stream<Path> packs = Files.list(fixture.mirror().resolve("objects/pack"))) {
      return packs.filter(file -> file.toString().endsWith(".pack")).findFirst().orElseThrow();
    }
  }

  /** Turns the mirror's pack into loose objects and returns the file of one. */
  private Path unpackedObject(String id) throws IOException {
    Path pack = onlyPack();
    Path outside = temporary.resolve("outside.pack");
    Files.move(pack, outside);
    try (Stream<Path> packs = Files.list(fixture.mirror().resolve("objects/pack"))) {
      for (Path file : packs.toList()) {
        Files.delete(file);
      }
    }
    GitCli.run(fixture.mirror(), List.of("sh", "-c", "git unpack-objects -q < '" + outside + "'"));
    // As after a restart: this process must not read on from the pack it has open.
    RepositoryCache.clear();
    Path loose =
        fixture.mirror().resolve("objects").resolve(id.substring(0, 2)).resolve(id.substring(2));
    assertThat(loose.toFile().setWritable(true)).isTrue();
    return loose;
  }

  private static void truncate(Path path, long length) throws IOException {
    assertThat(path.toFile().setWritable(true)).isTrue();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length);
    }
  }
}
