package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What jobs leave behind by crash, accident or intent; none of it may stop or mislead a worker. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileWorkspaceTest {

  @TempDir Path temporary;
  WorkspaceFixture fixture;
  PreparedWorkspace workspace;
  Path tree;

  @BeforeEach
  void prepareWorkspaceWithACommitAndAChange() throws IOException {
    fixture = WorkspaceFixture.create(temporary);
    workspace = fixture.prepare("job-1");
    tree = workspace.directory();
    Files.writeString(tree.resolve("committed.txt"), "committed\n");
    git(tree, "add", "-A");
    git(tree, "commit", "-q", "-m", "by the job");
    Files.writeString(tree.resolve("uncommitted.txt"), "uncommitted\n");
  }

  @Test
  void collectsDespiteLeftLocks() throws IOException {
    for (String lock : List.of("index.lock", "HEAD.lock", "config.lock", "packed-refs.lock")) {
      Files.writeString(tree.resolve(".git").resolve(lock), "");
    }

    assertAllIsThere(fixture.collect(workspace));
  }

  @Test
  void collectsAReadOnlyWorkspace() {
    GitCli.run(tree, List.of("chmod", "-R", "a-w", "."));

    assertAllIsThere(fixture.collect(workspace));
  }

  @Test
  void collectsFilesWhenTheGitDirectoryIsGone() throws IOException {
    FileTrees.delete(tree.resolve(".git"));

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes())
        .singleElement()
        .asString()
        .startsWith("no git repository left in the workspace");
    assertThat(collected.summary().orElseThrow().headCommit()).isEmpty();
    assertThat(collected.summary().orElseThrow().changedPaths())
        .containsExactly("committed.txt", "uncommitted.txt");
    git(
        fixture.source().directory(),
        "bundle",
        "verify",
        collected.bundle().orElseThrow().toString());
  }

  @Test
  void followsNoLinkInPlaceOfTheGitDirectory() throws IOException {
    Path elsewhere = temporary.resolve("elsewhere");
    Files.move(tree.resolve(".git"), elsewhere);
    Files.createSymbolicLink(tree.resolve(".git"), elsewhere);

    assertThat(fixture.collect(workspace).notes())
        .singleElement()
        .asString()
        .startsWith("no git repository left in the workspace");
  }

  @Test
  void saysThatTheWorkspaceIsGone() throws IOException {
    FileTrees.delete(tree);
    Files.createSymbolicLink(tree, Path.of("/"));

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes()).singleElement().asString().startsWith("no workspace left");
    assertThat(collected.summary()).isEmpty();
    assertThat(collected.diff()).isEmpty();
  }

  @Test
  void saysThatTheBaseIsUnknownWithoutMarker() throws IOException {
    Files.delete(ReadyMarker.of(tree));

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes()).singleElement().asString().contains("is missing or damaged");
  }

  @Test
  void saysThatTheMirrorIsGone() throws IOException {
    FileTrees.delete(fixture.mirror());

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes())
        .anyMatch(note -> note.contains("base commit " + workspace.baseCommit()));
    assertThat(collected.summary()).isEmpty();
  }

  @Test
  void runsNoCommandOfTheJobsConfiguration() throws IOException {
    Path proof = temporary.resolve("proof");
    git(tree, "config", "filter.evil.clean", "touch " + proof);
    git(tree, "config", "filter.evil.smudge", "touch " + proof);
    git(tree, "config", "diff.evil.textconv", "touch " + proof);
    git(tree, "config", "core.fsmonitor", "touch " + proof);
    Files.writeString(tree.resolve(".gitattributes"), "* filter=evil diff=evil\n");
    Files.writeString(tree.resolve("README.md"), "changed\n");

    Collected collected = fixture.collect(workspace);

    assertThat(collected.complete()).isTrue();
    assertThat(proof).doesNotExist();
  }

  @Test
  void isNotHeldUpByPipes() throws IOException {
    for (String name : List.of("pipe", ".gitignore", ".gitattributes")) {
      Files.deleteIfExists(tree.resolve(name));
      GitCli.run(tree, List.of("mkfifo", name));
    }
    GitCli.run(tree, List.of("mkfifo", ".git/info/exclude2"));
    Files.delete(tree.resolve(".git/index"));
    GitCli.run(tree, List.of("mkfifo", ".git/index"));

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes()).hasSize(3).allMatch(note -> note.contains("neither file"));
    assertThat(collected.summary().orElseThrow().changedPaths())
        .contains("uncommitted.txt")
        .doesNotContain("pipe");
  }

  @Test
  void readsNoObjectsThroughForeignAlternates() throws IOException {
    SourceRepository secret = SourceRepository.create(temporary.resolve("secret"));
    secret.write("secret.txt", "secret\n");
    String commit = secret.commit("secret");
    Files.writeString(
        tree.resolve(".git/objects/info/alternates"),
        secret.directory().resolve(".git/objects") + "\n");
    Files.writeString(tree.resolve(".git/HEAD"), commit + "\n");

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes())
        .anyMatch(note -> note.contains("names more than this workspace's mirror"));
    assertThat(collected.diff().orElseThrow()).content().doesNotContain("secret");
  }

  @Test
  void collectsWithADamagedIndexHeadOrObject() throws IOException {
    byte[] index = Files.readAllBytes(tree.resolve(".git/index"));
    ByteBuffer.wrap(index).putInt(8, Integer.MAX_VALUE);
    Files.write(tree.resolve(".git/index"), index);
    Collected badIndex = fixture.collect(workspace);
    assertThat(badIndex.notes()).singleElement().asString().contains("the index is not used");
    assertThat(badIndex.summary().orElseThrow().changedPaths())
        .containsExactly("committed.txt", "uncommitted.txt");

    Files.writeString(tree.resolve(".git/HEAD"), "ref: ../../../../etc/passwd\n");
    Collected badHead = fixture.collect(workspace);
    assertThat(badHead.notes()).anyMatch(note -> note.contains("HEAD names no commit"));
    assertThat(badHead.summary().orElseThrow().changedPaths())
        .containsExactly("committed.txt", "uncommitted.txt");

    Files.writeString(tree.resolve(".git/HEAD"), "0123456789012345678901234567890123456789\n");
    Collected lostCommit = fixture.collect(workspace);
    assertThat(lostCommit.notes()).anyMatch(note -> note.contains("HEAD's commit is lost"));
    assertThat(lostCommit.diff()).isPresent();
  }

  @Test
  void collectsWithAnUnreadableObjectOfTheJob() throws IOException {
    String blob = git(tree, "rev-parse", "HEAD:committed.txt");
    Path object =
        tree.resolve(".git/objects").resolve(blob.substring(0, 2)).resolve(blob.substring(2));
    Files.delete(object);

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes())
        .anyMatch(note -> note.contains("committed.txt: not in the diff"))
        .anyMatch(note -> note.contains("changes.bundle cannot be written"));
    assertThat(collected.diff().orElseThrow())
        .content()
        .contains("+uncommitted")
        .doesNotContain("committed.txt b/committed.txt\nnew file mode 100644\nindex 0000000..f");
  }

  @Test
  void namesAFileWhoseNameIsNoUtf8() {
    GitCli.run(tree, List.of("sh", "-c", "printf x > \"$(printf 'bad\\377name')\""));

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes()).singleElement().asString().contains("its name is not UTF-8");
    assertThat(collected.summary().orElseThrow().changedPaths()).contains("uncommitted.txt");
  }

  @Test
  void saysThatResultsCannotBeWritten() throws IOException {
    Path blocked = Files.writeString(temporary.resolve("file"), "no directory");

    Collected collected =
        fixture.workspaces().collect(tree, blocked.resolve("results"), CollectLimits.DEFAULT);

    assertThat(collected.notes()).singleElement().asString().contains("could not be collected");
  }

  private void assertAllIsThere(Collected collected) {
    assertThat(collected.notes()).isEmpty();
    assertThat(collected.summary().orElseThrow().commits()).isEqualTo(1);
    assertThat(collected.summary().orElseThrow().uncommittedFiles()).isEqualTo(1);
    assertThat(collected.diff().orElseThrow()).content().contains("+committed", "+uncommitted");
    git(
        fixture.source().directory(),
        "bundle",
        "verify",
        collected.bundle().orElseThrow().toString());
  }
}
