package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectTest {

  @TempDir Path temporary;
  WorkspaceFixture fixture;
  PreparedWorkspace workspace;
  Path tree;

  @BeforeEach
  void prepareWorkspace() throws IOException {
    fixture = WorkspaceFixture.create(temporary);
    workspace = fixture.prepare("job-1");
    tree = workspace.directory();
  }

  @Test
  void findsNothingWhereNothingChanged() {
    Collected collected = fixture.collect(workspace);

    assertThat(collected.complete()).isTrue();
    assertThat(collected.diff()).isEmpty();
    assertThat(collected.bundle()).isEmpty();
    ChangeSummary summary = collected.summary().orElseThrow();
    assertThat(summary.baseCommit()).isEqualTo(workspace.baseCommit());
    assertThat(summary.headCommit()).contains(workspace.baseCommit());
    assertThat(summary.headRef()).contains("refs/heads/holdfast/job-1");
    assertThat(summary.filesChanged() + summary.commits() + summary.uncommittedFiles()).isZero();
  }

  @Test
  void bundlesCommitsAndUncommittedChangesSoThatAFreshCloneHasTheSameTree() throws IOException {
    changeEverything();
    String status = git(tree, "status", "--porcelain");

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes()).isEmpty();
    Path bundle = collected.bundle().orElseThrow();
    assertThat(git(fixture.source().directory(), "bundle", "verify", bundle.toString()))
        .contains("is okay")
        .contains(workspace.baseCommit());
    Path fresh = freshClone();
    git(fresh, "fetch", "-q", bundle.toString(), "+refs/*:refs/from-job/*");
    assertThat(git(fresh, "rev-parse", "refs/from-job/heads/holdfast/job-1"))
        .isEqualTo(git(tree, "rev-parse", "HEAD"));
    assertThat(git(fresh, "rev-parse", "refs/from-job/holdfast/uncommitted^{tree}"))
        .isEqualTo(stagedTree());
    assertThat(git(fresh, "rev-parse", "refs/from-job/holdfast/uncommitted^"))
        .isEqualTo(git(tree, "rev-parse", "HEAD"));
    assertThat(git(tree, "status", "--porcelain")).isEqualTo(status);
  }

  @Test
  void writesADiffThatAppliesToTheBaseCommit() throws IOException {
    changeEverything();
    Files.delete(tree.resolve("binary.bin"));

    Path diff = fixture.collect(workspace).diff().orElseThrow();

    Path fresh = freshClone();
    git(fresh, "apply", "--index", diff.toString());
    assertThat(git(fresh, "write-tree")).isEqualTo(stagedTree());
  }

  @Test
  void notesBinaryFilesInTheDiffAsGitDoes() throws IOException {
    Files.write(tree.resolve("binary.bin"), new byte[] {0, 1, 2});

    assertThat(fixture.collect(workspace).diff().orElseThrow())
        .content()
        .contains("Binary files /dev/null and b/binary.bin differ");
  }

  @Test
  void countsWhatChanged() throws IOException {
    changeEverything();

    ChangeSummary summary = fixture.collect(workspace).summary().orElseThrow();

    assertThat(summary.commits()).isEqualTo(2);
    assertThat(summary.headCommit()).contains(git(tree, "rev-parse", "HEAD"));
    assertThat(summary.changedPaths())
        .containsExactlyInAnyOrder(
            "README.md",
            "added.txt",
            "binary.bin",
            "link",
            "new dir/ünï.txt",
            "run.sh",
            "src/größe 1.txt");
    assertThat(summary.filesChanged()).isEqualTo(7);
    assertThat(summary.uncommittedFiles()).isEqualTo(5);
    String[] counts = numstat();
    assertThat(summary.insertions()).isEqualTo(Long.parseLong(counts[0]));
    assertThat(summary.deletions()).isEqualTo(Long.parseLong(counts[1]));
  }

  @Test
  void collectsTheSameAgainAndForgetsTheOldResult() throws IOException {
    changeEverything();
    Collected first = fixture.collect(workspace);
    byte[] bundle = Files.readAllBytes(first.bundle().orElseThrow());

    Collected second = fixture.collect(workspace);
    assertThat(second).isEqualTo(first);
    assertThat(second.bundle().orElseThrow()).hasBinaryContent(bundle);

    git(tree, "reset", "-q", "--hard", workspace.baseCommit());
    git(tree, "clean", "-fdq");
    Collected third = fixture.collect(workspace);
    assertThat(third.bundle()).isEmpty();
    try (Stream<Path> results = Files.list(tree.resolveSibling("results"))) {
      assertThat(results).isEmpty();
    }
  }

  @Test
  void writesNothingIntoTheWorkspace() throws IOException {
    changeEverything();
    String before = listing();

    fixture.collect(workspace);

    assertThat(listing()).isEqualTo(before);
  }

  @Test
  void collectsFromAnyBranchAndFromNone() throws IOException {
    git(tree, "checkout", "-q", "-b", "elsewhere");
    Files.writeString(tree.resolve("a.txt"), "a\n");
    git(tree, "add", "-A");
    git(tree, "commit", "-q", "-m", "a");
    git(tree, "pack-refs", "--all");

    ChangeSummary onBranch = fixture.collect(workspace).summary().orElseThrow();
    assertThat(onBranch.headRef()).contains("refs/heads/elsewhere");
    assertThat(onBranch.commits()).isEqualTo(1);

    git(tree, "checkout", "-q", "--detach");
    Collected detached = fixture.collect(workspace);
    assertThat(detached.summary().orElseThrow().headRef()).isEmpty();
    assertThat(detached.summary().orElseThrow().commits()).isEqualTo(1);
    assertThat(git(freshClone(), "bundle", "list-heads", bundle(detached)))
        .contains("refs/heads/holdfast/job-1");
  }

  @Test
  void collectsAHistoryThatWasTurnedBack() throws IOException {
    git(tree, "reset", "-q", "--hard", "v1.0");

    Collected collected = fixture.collect(workspace);

    assertThat(collected.summary().orElseThrow().commits()).isZero();
    assertThat(collected.diff().orElseThrow()).content().contains("-second").contains("+first");
    Path fresh = freshClone();
    git(fresh, "fetch", "-q", bundle(collected), "+refs/*:refs/from-job/*");
    assertThat(git(fresh, "rev-parse", "refs/from-job/heads/holdfast/job-1"))
        .isEqualTo(fixture.source().id("v1.0"));
  }

  @Test
  void collectsABranchWithoutCommits() {
    git(tree, "checkout", "-q", "--orphan", "blank");
    git(tree, "rm", "-rfq", ".");

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes()).singleElement().asString().contains("HEAD names no commit");
    assertThat(collected.diff().orElseThrow()).content().contains("deleted file mode");
  }

  @Test
  void keepsConflictsAsTheFilesShowThem() throws IOException {
    Files.writeString(tree.resolve("README.md"), "mine\n");
    git(tree, "commit", "-qam", "mine");
    GitCli.tryGit(tree, "merge", "-q", "origin/feature/login");
    git(tree, "checkout", "-q", "-b", "other", workspace.baseCommit(), "-f");
    Files.writeString(tree.resolve("README.md"), "other\n");
    git(tree, "commit", "-qam", "other");
    assertThat(GitCli.tryGit(tree, "merge", "holdfast/job-1").exitCode()).isNotZero();

    Collected collected = fixture.collect(workspace);

    assertThat(collected.notes()).isEmpty();
    assertThat(collected.diff().orElseThrow()).content().contains("+<<<<<<< HEAD");
    assertThat(collected.summary().orElseThrow().commits()).isEqualTo(1);
  }

  @Test
  void cutsALongDiffAtALineEnd() throws IOException {
    Files.writeString(tree.resolve("long.txt"), "0123456789\n".repeat(10_000));

    Collected collected = fixture.collect(workspace, new CollectLimits(1000, 1 << 20, 1 << 20));

    String diff = Files.readString(collected.diff().orElseThrow());
    assertThat(diff.length()).isBetween(900, 1100);
    assertThat(diff.lines().toList())
        .last()
        .asString()
        .contains("diff cut here, it would be longer than 1000 bytes");
    assertThat(diff.lines().toList().get(diff.lines().toList().size() - 2))
        .isEqualTo("+0123456789");
    assertThat(collected.summary().orElseThrow().insertions()).isEqualTo(10_000);
    assertThat(collected.notes()).singleElement().asString().contains("cut at 1000 bytes");
  }

  @Test
  void producesNoBundleOverTheLimit() throws IOException {
    byte[] noise = new byte[100_000];
    new java.util.Random(1).nextBytes(noise);
    Files.write(tree.resolve("noise.bin"), noise);

    Collected collected = fixture.collect(workspace, new CollectLimits(1 << 20, 1000, 1 << 20));

    assertThat(collected.bundle()).isEmpty();
    assertThat(collected.notes()).singleElement().asString().contains("larger than the limit");
    assertThat(tree.resolveSibling("results").resolve(Collected.BUNDLE_FILE)).doesNotExist();
  }

  @Test
  void leavesOutUncommittedFilesOverTheLimit() throws IOException {
    Files.writeString(tree.resolve("large.txt"), "x".repeat(2000));
    Files.writeString(tree.resolve("small.txt"), "small\n");
    Files.writeString(tree.resolve("README.md"), "y".repeat(2000));

    Collected collected = fixture.collect(workspace, new CollectLimits(1 << 20, 1 << 20, 1000));

    assertThat(collected.notes())
        .anyMatch(note -> note.contains("large.txt: over the limit"))
        .anyMatch(note -> note.contains("README.md: over the limit"));
    assertThat(collected.summary().orElseThrow().changedPaths()).containsExactly("small.txt");
  }

  @Test
  void listsAtMostAThousandPaths() throws IOException {
    for (int i = 0; i < 1100; i++) {
      Files.writeString(tree.resolve("file-" + i), i + "\n");
    }

    ChangeSummary summary = fixture.collect(workspace).summary().orElseThrow();

    assertThat(summary.filesChanged()).isEqualTo(1100);
    assertThat(summary.changedPaths()).hasSize(1000);
  }

  @Test
  void collectsTheFilesOfARepositoryInsideTheWorkTree() throws IOException {
    Path inner = Files.createDirectory(tree.resolve("inner"));
    git(inner, "init", "-q");
    Files.writeString(inner.resolve("inner.txt"), "inner\n");

    assertThat(fixture.collect(workspace).summary().orElseThrow().changedPaths())
        .containsExactly("inner/inner.txt");
  }

  private void changeEverything() throws IOException {
    Files.writeString(tree.resolve("added.txt"), "no newline at the end");
    git(tree, "add", "-A");
    git(tree, "commit", "-q", "-m", "first of the job");
    git(tree, "rm", "-q", "link");
    git(tree, "commit", "-q", "-m", "second of the job");
    Files.writeString(tree.resolve("README.md"), "changed\r\n");
    Files.writeString(tree.resolve("src/größe 1.txt"), "one\n2\nthree\nfour\n");
    assertThat(tree.resolve("run.sh").toFile().setExecutable(false)).isTrue();
    Files.createDirectories(tree.resolve("new dir"));
    Files.writeString(tree.resolve("new dir/ünï.txt"), "untracked\n");
    Files.write(tree.resolve("binary.bin"), new byte[] {0, 1, 2, 3});
    Files.writeString(tree.resolve("ignored.log"), "ignored\n");
    Files.createDirectories(tree.resolve("build"));
    Files.writeString(tree.resolve("build/out"), "ignored\n");
  }

  /** The tree that real git makes of the work tree, without touching the job's index. */
  private String stagedTree() throws IOException {
    Path copy = temporary.resolve("staged");
    GitCli.run(temporary, java.util.List.of("cp", "-a", tree.toString(), copy.toString()));
    git(copy, "add", "-A");
    return git(copy, "write-tree");
  }

  private String[] numstat() throws IOException {
    String staged = stagedTree();
    long insertions = 0;
    long deletions = 0;
    String numstat =
        git(temporary.resolve("staged"), "diff", "--numstat", workspace.baseCommit(), staged);
    for (String line : numstat.lines().toList()) {
      String[] columns = line.split("\t");
      if (!columns[0].equals("-")) {
        insertions += Long.parseLong(columns[0]);
        deletions += Long.parseLong(columns[1]);
      }
    }
    return new String[] {Long.toString(insertions), Long.toString(deletions)};
  }

  private Path freshClone() {
    Path fresh = temporary.resolve("fresh");
    git(temporary, "clone", "-q", fixture.source().directory().toString(), fresh.toString());
    return fresh;
  }

  private static String bundle(Collected collected) {
    return collected.bundle().orElseThrow().toString();
  }

  private String listing() {
    return GitCli.run(
            tree, java.util.List.of("sh", "-c", "find . -printf '%p %s %T@ %m\\n' | sort"))
        .output();
  }
}
