package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.RepositoryCache;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process that is gone left in a mirror or workspace, planted by hand. */
class MirrorRecoveryTest {

  @TempDir Path temporary;
  WorkspaceFixture fixture;
  Path mirror;

  @BeforeEach
  void prepareOnce() throws IOException {
    fixture = WorkspaceFixture.create(temporary);
    fixture.prepare("job-1");
    mirror = fixture.mirror();
  }

  private Journal journal() {
    return new Journal(mirror.resolveSibling(mirror.getFileName() + ".journal"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "index.lock",
        "HEAD.lock",
        "config.lock",
        "shallow.lock",
        "packed-refs.lock",
        "gc.pid",
        "refs/heads/feature/login.lock",
        "modules/lib/index.lock",
        "modules/lib/refs/heads/x.lock",
        "worktrees/other/HEAD.lock"
      })
  void removesALockThatNobodyHolds(String lock) throws IOException {
    Path file = mirror.resolve(lock);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");

    PreparedWorkspace workspace = fixture.prepare("job-2");

    assertThat(file).doesNotExist();
    assertThat(workspace.notes()).anyMatch(note -> note.contains(lock));
  }

  @Test
  void leavesALockAloneThatALivingProcessMayHold() throws IOException {
    Path lock = mirror.resolve("packed-refs.lock");
    Files.writeString(lock, "");
    Process other = new ProcessBuilder("sleep", "1000").directory(mirror.toFile()).start();
    try {
      WorkspaceException failure =
          catchThrowableOfType(WorkspaceException.class, () -> fixture.prepare("job-2"));

      assertThat(failure.code()).isEqualTo(Code.WORKSPACE_IO);
      assertThat(failure).hasMessageContaining("pid " + other.pid());
      assertThat(lock).exists();
    } finally {
      other.destroyForcibly().onExit().join();
    }
    assertThat(fixture.prepare("job-3").notes()).anyMatch(note -> note.contains("leftovers"));
  }

  @Test
  void keepsABranchOfALocksName() throws IOException {
    git(fixture.source().directory(), "branch", "gc.pid");

    fixture.prepare("job-2");

    assertThat(fixture.prepare("job-3", fixture.source().at("gc.pid")).notes()).isEmpty();
  }

  @Test
  void tellsOfAFetchThatWasCutOff() throws IOException {
    journal().begin(Journal.Operation.FETCH, "the repository");

    PreparedWorkspace workspace = fixture.prepare("job-2");

    assertThat(workspace.notes())
        .anySatisfy(
            note -> assertThat(note).contains("fetch of the repository", "pid", "boot", "cut off"))
        .anyMatch(note -> note.contains("all refs lead to whole histories"));
    assertThat(fixture.prepare("job-3").notes()).isEmpty();
  }

  @Test
  void fetchesAgainWhatAPowerCutEmptied() throws IOException {
    Path ref = mirror.resolve("refs/heads/main");
    Files.createDirectories(ref.getParent());
    Files.writeString(ref, "");

    PreparedWorkspace workspace = fixture.prepare("job-2");

    assertThat(workspace.notes()).anyMatch(note -> note.contains("refs/heads/main"));
    assertThat(workspace.baseCommit()).isEqualTo(fixture.source().id("main"));
  }

  @Test
  void fetchesAgainWhatIsMissingInTheMiddleOfAHistory() throws IOException {
    String tree = git(fixture.source().directory(), "rev-parse", "v1.0:src");
    unpack();
    Files.delete(mirror.resolve("objects/" + tree.substring(0, 2) + "/" + tree.substring(2)));
    journal().begin(Journal.Operation.FETCH, "the repository");

    PreparedWorkspace workspace = fixture.prepare("job-2");

    assertThat(workspace.notes()).anyMatch(note -> note.contains("pruned"));
    assertThat(git(mirror, "fsck", "--connectivity-only")).doesNotContain("missing", "broken");
    assertThat(git(workspace.directory(), "cat-file", "-t", tree)).isEqualTo("tree");
  }

  @Test
  void putsTheFinishedSuccessorIntoItsPlace() throws IOException {
    Path building = mirror.resolveSibling(mirror.getFileName() + ".building");
    journal().begin(Journal.Operation.SWAP, "the repository");
    Files.move(mirror, building);
    Path away = temporary.resolve("away");
    Files.move(fixture.source().directory(), away);
    String main = git(away, "rev-parse", "main");

    // By its id, which needs no remote: what was complete is not thrown away.
    PreparedWorkspace workspace = fixture.prepare("job-2", fixture.source().at(main));

    assertThat(workspace.notes()).anyMatch(note -> note.contains("finished clone"));
  }

  @Test
  void tellsOfACheckoutThatWasCutOff() throws IOException {
    Path workspace = fixture.workspaceDir("job-2");
    Files.createDirectories(workspace.resolve(".git"));
    Files.writeString(workspace.resolve(".git/index.lock"), "half");
    new Journal(workspace.resolveSibling("work tree.journal"))
        .begin(Journal.Operation.CHECKOUT, "the repository");

    PreparedWorkspace prepared = fixture.prepare("job-2");

    assertThat(prepared.notes()).singleElement().asString().contains("checkout", "made anew");
    assertThat(git(workspace, "status", "--porcelain")).isEmpty();
  }

  @Test
  void unlocksACompleteWorkspaceBeforeItIsUsed() throws IOException {
    Path gitDir = fixture.workspaceDir("job-1").resolve(".git");
    for (String lock : List.of("index.lock", "modules/lib/HEAD.lock", "worktrees/w/index.lock")) {
      Files.createDirectories(gitDir.resolve(lock).getParent());
      Files.writeString(gitDir.resolve(lock), "");
    }

    PreparedWorkspace again = fixture.prepare("job-1");

    assertThat(git(again.directory(), "add", "-A")).isEmpty();
    try (Stream<Path> files = Files.walk(gitDir)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".lock"));
    }
  }

  /** Turns the mirror's packs into loose objects. */
  private void unpack() throws IOException {
    GitCli.Outcome unpacked =
        GitCli.run(
            mirror,
            List.of(
                "sh",
                "-c",
                "mkdir out && mv objects/pack/* out/ && for p in out/*.pack; do"
                    + " git unpack-objects -q < $p || exit 1; done; rm -rf out"));
    assertThat(unpacked.exitCode()).as(unpacked.output()).isZero();
    // As after a restart: this process must not read on from the pack it has open.
    RepositoryCache.clear();
  }
}
