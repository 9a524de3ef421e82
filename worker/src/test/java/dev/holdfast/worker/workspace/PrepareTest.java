package dev.holdfast.worker.workspace;

import static dev.holdfast.worker.workspace.GitCli.git;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.worker.workspace.WorkspaceException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrepareTest {

  @TempDir Path temporary;
  WorkspaceFixture fixture;
  SourceRepository source;

  @BeforeEach
  void createFixture() throws IOException {
    fixture = WorkspaceFixture.create(temporary);
    source = fixture.source();
  }

  @ParameterizedTest
  @CsvSource({
    "main, refs/heads/main, main",
    "feature/login, refs/heads/feature/login, feature/login",
    "v1.0, refs/tags/v1.0, v1.0",
    "v2.0, refs/tags/v2.0, v2.0",
    "refs/tags/v2.0, refs/tags/v2.0, v2.0",
    "heads/main, refs/heads/main, main",
  })
  void checksOutWhatARefNames(String asked, String resolved, String revision) {
    PreparedWorkspace workspace = fixture.prepare("job-1", source.at(asked));

    assertThat(workspace.baseCommit()).isEqualTo(source.id(revision));
    assertThat(workspace.resolvedRef()).contains(resolved);
    assertThat(git(workspace.directory(), "rev-parse", "HEAD")).isEqualTo(source.id(revision));
    assertThat(git(workspace.directory(), "symbolic-ref", "HEAD"))
        .isEqualTo("refs/heads/holdfast/job-1");
    assertThat(git(workspace.directory(), "status", "--porcelain")).isEmpty();
  }

  @Test
  void checksOutAFullOrAbbreviatedCommitId() {
    String id = source.id("v1.0");

    assertThat(fixture.prepare("full", source.at(id)).baseCommit()).isEqualTo(id);
    assertThat(fixture.prepare("short", source.at(id.substring(0, 9))).baseCommit()).isEqualTo(id);
    assertThat(fixture.prepare("full").resolvedRef()).isEmpty();
  }

  @Test
  void checksOutTheDefaultBranchWhateverItsName() {
    git(source.directory(), "checkout", "-q", "feature/login");

    PreparedWorkspace workspace = fixture.prepare("job-1");

    assertThat(workspace.resolvedRef()).contains("refs/heads/feature/login");
    assertThat(workspace.baseCommit()).isEqualTo(source.id("feature/login"));
  }

  @Test
  void checksOutADetachedHeadThatNoBranchLeadsTo() throws IOException {
    git(source.directory(), "checkout", "-q", "--detach");
    source.write("detached.txt", "x\n");
    String id = source.commit("detached");

    PreparedWorkspace workspace = fixture.prepare("job-1");

    assertThat(workspace.baseCommit()).isEqualTo(id);
    assertThat(workspace.directory().resolve("detached.txt")).exists();
  }

  @Test
  void fetchesARefOutsideBranchesAndTags() throws IOException {
    git(source.directory(), "checkout", "-q", "--detach");
    source.write("pull.txt", "x\n");
    String id = source.commit("pull");
    git(source.directory(), "update-ref", "refs/pull/7/head", id);
    git(source.directory(), "checkout", "-q", "main");

    assertThat(fixture.prepare("job-1", source.at("refs/pull/7/head")).baseCommit()).isEqualTo(id);
  }

  @Test
  void keepsModesLinksAndNames() throws IOException {
    Path directory = fixture.prepare("job-1").directory();

    assertThat(Files.isExecutable(directory.resolve("run.sh"))).isTrue();
    assertThat(Files.readSymbolicLink(directory.resolve("link"))).isEqualTo(Path.of("README.md"));
    assertThat(directory.resolve("src/größe 1.txt")).hasContent("one\ntwo\nthree\n");
  }

  @Test
  void convertsLineEndsAsAttributesSay() throws IOException {
    source.write(".gitattributes", "*.bat text eol=crlf\n");
    source.write("start.bat", "echo\n");
    source.commit("attributes");

    Path directory = fixture.prepare("job-1").directory();

    assertThat(directory.resolve("start.bat")).hasContent("echo\r\n");
    assertThat(git(directory, "status", "--porcelain")).isEmpty();
  }

  @Test
  void borrowsTheMirrorsObjects() throws IOException {
    byte[] noise = new byte[300_000];
    new java.util.Random(1).nextBytes(noise);
    Files.write(source.directory().resolve("noise.bin"), noise);
    source.commit("noise");

    Path objects = fixture.prepare("job-1").directory().resolve(".git/objects");

    try (Stream<Path> files = Files.walk(objects)) {
      assertThat(files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum())
          .isLessThan(1000);
    }
    assertThat(objects.resolve("info/alternates")).hasContent(fixture.mirror() + "/objects\n");
  }

  @Test
  void letsRealGitWorkInTheWorkspace() throws IOException {
    Path directory = fixture.prepare("job-1").directory();

    Files.writeString(directory.resolve("new.txt"), "new\n");
    git(directory, "add", "new.txt");
    git(directory, "commit", "-q", "-m", "by the job");

    assertThat(git(directory, "log", "-1", "--format=%an <%ae> %s"))
        .isEqualTo("Holdfast job <job@holdfast.invalid> by the job");
    assertThat(git(directory, "log", "--format=%s", "origin/feature/login"))
        .isEqualTo("login\nfirst");
    assertThat(git(directory, "tag")).isEqualTo("v1.0\nv2.0");
    assertThat(git(directory, "remote", "get-url", "origin"))
        .isEqualTo(source.directory().toString());
    assertThat(git(directory, "fetch", "-q", "origin")).isEmpty();
    assertThat(git(directory, "fsck", "--full")).doesNotContain("error");
  }

  @Test
  void survivesGarbageCollectionInAClone() {
    PreparedWorkspace first = fixture.prepare("job-1");
    git(first.directory(), "reflog", "expire", "--expire=now", "--all");
    git(first.directory(), "gc", "-q", "--aggressive", "--prune=now");

    PreparedWorkspace second = fixture.prepare("job-2", source.at("feature/login"));

    assertThat(git(first.directory(), "fsck", "--full")).doesNotContain("error");
    assertThat(second.notes()).isEmpty();
    assertThat(git(fixture.mirror(), "fsck", "--full")).doesNotContain("error");
  }

  @Test
  void followsTheRemote() throws IOException {
    fixture.prepare("job-1");
    source.write("README.md", "third\n");
    String third = source.commit("third");
    git(source.directory(), "branch", "-q", "-D", "feature/login");
    git(source.directory(), "branch", "-q", "feature/login/deeper");

    assertThat(fixture.prepare("job-2").baseCommit()).isEqualTo(third);
    WorkspaceException gone = failure(source.at("feature/login"));
    assertThat(gone.code()).isEqualTo(Code.REF_NOT_FOUND);
    assertThat(fixture.prepare("job-3", source.at("feature/login/deeper")).baseCommit())
        .isEqualTo(third);
  }

  @Test
  void needsNoRemoteForACommitItHas() throws IOException {
    String id = source.id("v1.0");
    fixture.prepare("job-1");
    Files.move(source.directory(), temporary.resolve("away"));

    assertThat(fixture.prepare("job-2", source.at(id)).baseCommit()).isEqualTo(id);
    assertThat(failure(source.at("main")).code()).isEqualTo(Code.REPOSITORY_NOT_FOUND);
  }

  @Test
  void returnsAReadyWorkspaceAsItStands() throws IOException {
    PreparedWorkspace first = fixture.prepare("job-1");
    Files.writeString(first.directory().resolve("work.txt"), "precious\n");

    PreparedWorkspace again = fixture.prepare("job-1");

    assertThat(again).isEqualTo(first);
    assertThat(first.directory().resolve("work.txt")).exists();
  }

  @Test
  void makesAWorkspaceAnewThatWasNeverReady() throws IOException {
    PreparedWorkspace first = fixture.prepare("job-1");
    Files.writeString(first.directory().resolve("half.txt"), "left by a crash\n");
    Files.writeString(ReadyMarker.of(first.directory()), "baseCommit=torn");

    PreparedWorkspace again = fixture.prepare("job-1");

    assertThat(again).isEqualTo(first);
    assertThat(first.directory().resolve("half.txt")).doesNotExist();
  }

  @Test
  void removesEvenAReadOnlyWorkspace() {
    PreparedWorkspace workspace = fixture.prepare("job-1");
    assertThat(workspace.directory().resolve("src").toFile().setWritable(false)).isTrue();

    fixture.workspaces().remove(workspace.directory());
    fixture.workspaces().remove(workspace.directory());

    assertThat(workspace.directory()).doesNotExist();
    assertThat(ReadyMarker.of(workspace.directory())).doesNotExist();
    assertThat(fixture.mirror()).exists();
  }

  @Test
  void namesSimilarRefsForOneThatIsNotThere() {
    assertThat(failure(source.at("feature/logni")))
        .hasMessageContaining("'feature/logni' was not found in " + source.directory())
        .hasMessageContaining("similar: feature/login");
    assertThat(failure(source.at("nothing-like-it")))
        .hasMessageContaining("it has 4 branches and tags, such as feature/login, main");
    assertThat(failure(source.at("0123456789012345678901234567890123456789")).code())
        .isEqualTo(Code.REF_NOT_FOUND);
  }

  @Test
  void saysThatATagLeadsToNoCommit() {
    git(source.directory(), "tag", "blob", git(source.directory(), "rev-parse", "HEAD:README.md"));

    assertThat(failure(source.at("blob"))).hasMessageContaining("is no commit");
  }

  @Test
  void saysThatARepositoryIsEmpty() throws IOException {
    SourceRepository empty = SourceRepository.empty(temporary.resolve("empty"));

    WorkspaceException failure = failure(empty.atDefault());

    assertThat(failure.code()).isEqualTo(Code.REPOSITORY_EMPTY);
    assertThat(failure)
        .hasMessageContaining("is empty")
        .hasMessageContaining("Push a first commit");
  }

  @Test
  void saysThatARepositoryIsNotThere() throws IOException {
    Path plain = Files.createDirectory(temporary.resolve("plain"));

    for (Path path : new Path[] {temporary.resolve("missing"), plain}) {
      WorkspaceException failure = failure(new RepositoryRef(path.toString(), Optional.empty()));
      assertThat(failure.code()).isEqualTo(Code.REPOSITORY_NOT_FOUND);
      assertThat(failure.retryable()).isFalse();
      assertThat(failure).hasMessageContaining("a local path must be absolute and readable");
    }
  }

  @Test
  void leavesNothingAfterAFailure() throws IOException {
    failure(source.at("nowhere"));
    failure(new RepositoryRef("/missing", Optional.empty()));

    assertThat(fixture.workspaceDir("failing")).doesNotExist();
    try (Stream<Path> left = Files.list(fixture.root().resolve("mirrors"))) {
      assertThat(left.filter(Files::isDirectory)).containsExactly(fixture.mirror());
    }
  }

  @Test
  void stopsWhenCancelled() {
    AtomicInteger asked = new AtomicInteger();

    WorkspaceException failure =
        catchThrowableOfType(
            WorkspaceException.class,
            () ->
                fixture
                    .workspaces()
                    .prepare(
                        fixture.workspaceDir("failing"),
                        source.atDefault(),
                        "holdfast/x",
                        () -> asked.incrementAndGet() > 1));

    assertThat(failure.code()).isEqualTo(Code.CANCELLED);
    assertThat(fixture.workspaceDir("failing")).doesNotExist();
  }

  @Test
  void refusesARepositoryWithPathsIntoGitsOwnDirectory() {
    String blob = git(source.directory(), "rev-parse", "HEAD:README.md");
    GitCli.run(
        source.directory(),
        java.util.List.of(
            "sh",
            "-c",
            "inner=$(printf '100755 blob "
                + blob
                + "\\tpost-checkout\\n' | git mktree) && outer=$(printf \"040000 tree"
                + " $inner\\t.git\\n\" | git mktree) && git branch evil $(git commit-tree -m evil"
                + " $outer)"));

    WorkspaceException failure = failure(source.at("evil"));

    assertThat(failure.code()).isEqualTo(Code.REPOSITORY_UNSAFE);
    assertThat(fixture.workspaceDir("failing")).doesNotExist();
  }

  private WorkspaceException failure(RepositoryRef repository) {
    return catchThrowableOfType(
        WorkspaceException.class, () -> fixture.prepare("failing", repository));
  }
}
