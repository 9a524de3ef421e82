package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one attempt leaves, and the next begins with. */
class SavedWorkTest {

  @TempDir Path temporary;
  private WorkspaceFixture fixture;
  private PreparedWorkspace first;
  private Path work;

  @BeforeEach
  void prepare() throws IOException {
    fixture = WorkspaceFixture.create(temporary);
    first = fixture.prepare("job-1");
    work = first.directory();
  }

  private void commit(String name, String text) throws IOException {
    Files.writeString(work.resolve(name), text);
    git(work, "add", "-A");
    git(work, "commit", "-q", "-m", "add " + name);
  }

  private SavedWork save(Optional<String> known) {
    return fixture
        .workspaces()
        .save(work, temporary.resolve("saving"), CollectLimits.DEFAULT, known);
  }

  private PreparedWorkspace resume(String job, Path bundle) {
    // The branch is named after the job, and so the same for all its attempts.
    return fixture
        .workspaces()
        .prepare(
            fixture.workspaceDir(job),
            fixture.source().atDefault(),
            first.workBranch(),
            Optional.of(bundle),
            () -> false);
  }

  private void leaveWork() throws IOException {
    commit("done.txt", "done\n");
    Files.writeString(work.resolve("README.md"), "changed\n");
    Files.writeString(work.resolve("staged.txt"), "staged\n");
    git(work, "add", "staged.txt");
    Files.writeString(work.resolve("größe 2.txt"), "new\n");
    Files.writeString(work.resolve("ignored.log"), "ignored\n");
    Files.delete(work.resolve("run.sh"));
  }

  @Test
  void bringsCommitsAndUncommittedChangesIntoTheNextAttempt() throws IOException {
    leaveWork();
    String head = git(work, "rev-parse", "HEAD");
    SavedWork saved = save(Optional.empty());
    fixture.source().write("README.md", "moved on\n");
    fixture.source().commit("the branch moved on");

    PreparedWorkspace second = resume("job-2", saved.bundle().orElseThrow());

    Path next = second.directory();
    assertThat(second.resumed()).as("notes: %s", second.notes()).isTrue();
    assertThat(second.notes()).anyMatch(note -> note.contains("an earlier attempt"));
    assertThat(second.baseCommit()).isEqualTo(first.baseCommit());
    assertThat(git(next, "rev-parse", "HEAD")).isEqualTo(head);
    assertThat(git(next, "symbolic-ref", "--short", "HEAD")).isEqualTo(first.workBranch());
    assertThat(git(next, "-c", "core.quotePath=false", "status", "--porcelain").lines())
        .map(String::strip)
        .containsExactlyInAnyOrder(
            "M README.md", "D run.sh", "?? staged.txt", "?? \"größe 2.txt\"");
    assertThat(next.resolve("README.md")).hasContent("changed");
    assertThat(next.resolve("ignored.log")).doesNotExist();
    assertThat(git(next, "for-each-ref", "refs/holdfast")).isEmpty();
    assertThat(git(next, "fsck", "--connectivity-only")).doesNotContain("missing", "broken");
    assertThat(fixture.collect(second).summary().orElseThrow().commits()).isEqualTo(1);
  }

  @Test
  void leavesTheJobsIndexAndFilesAlone() throws IOException {
    leaveWork();
    byte[] index = Files.readAllBytes(work.resolve(".git/index"));
    String before = git(work, "status", "--porcelain");

    save(Optional.empty());

    assertThat(Files.readAllBytes(work.resolve(".git/index"))).isEqualTo(index);
    assertThat(git(work, "status", "--porcelain")).isEqualTo(before);
  }

  @Test
  void writesNothingThatIsSafeAlready() throws IOException {
    assertThat(save(Optional.empty()).untouched()).isTrue();
    assertThat(save(Optional.empty()).bundle()).isEmpty();
    leaveWork();
    SavedWork saved = save(Optional.empty());
    assertThat(saved.bundle()).isPresent();

    assertThat(save(saved.state()).bundle()).isEmpty();
    Files.writeString(work.resolve("README.md"), "again\n");
    assertThat(save(saved.state()).bundle()).isPresent();
  }

  @Test
  void beginsFreshWhenTheArchiveIsDamaged() throws IOException {
    leaveWork();
    Path bundle = save(Optional.empty()).bundle().orElseThrow();
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[bytes.length - 30] ^= 1;
    Files.write(bundle, bytes);

    PreparedWorkspace second = resume("job-2", bundle);

    assertThat(second.resumed()).isFalse();
    assertThat(second.notes()).anyMatch(note -> note.contains("begins fresh"));
    assertThat(git(second.directory(), "status", "--porcelain")).isEmpty();
    assertThat(git(second.directory(), "for-each-ref", "refs/holdfast")).isEmpty();
  }

  @Test
  void beginsFreshWhenTheCommitIsGoneThatTheWorkBuildsUpon() throws IOException {
    leaveWork();
    Path bundle = save(Optional.empty()).bundle().orElseThrow();
    FileTrees.delete(fixture.mirror());
    git(fixture.source().directory(), "checkout", "-q", "--orphan", "other");
    git(fixture.source().directory(), "commit", "-q", "-m", "another history");
    git(fixture.source().directory(), "tag", "-d", "v2.0");
    git(fixture.source().directory(), "branch", "-q", "-D", "main");

    PreparedWorkspace second = resume("job-2", bundle);

    assertThat(second.resumed()).isFalse();
    assertThat(second.notes()).anyMatch(note -> note.contains("begins fresh"));
  }

  @Test
  void saysWhatACheckoutDoesNotBring() throws IOException {
    String id = fixture.source().id("HEAD");
    fixture.source().write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    git(
        fixture.source().directory(),
        "update-index",
        "--add",
        "--cacheinfo",
        "160000," + id + ",libs/one");
    git(fixture.source().directory(), "add", ".gitattributes");
    git(fixture.source().directory(), "commit", "-q", "-m", "submodule and large files");

    assertThat(fixture.prepare("job-2").notes())
        .anySatisfy(note -> assertThat(note).contains("1 submodules", "libs/one"))
        .anySatisfy(note -> assertThat(note).contains("git-lfs", "*.bin"));
  }
}
