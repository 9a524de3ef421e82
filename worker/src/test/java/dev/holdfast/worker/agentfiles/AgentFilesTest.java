package dev.holdfast.worker.agentfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentFilesTest {
  @TempDir Path directory;

  private Path bundles() {
    return directory.resolve("bundles");
  }

  private Path workspace() {
    return directory.resolve("work");
  }

  private Path journal() {
    return directory.resolve("journal");
  }

  private void bundle(String... pathsAndContents) throws IOException {
    for (int i = 0; i < pathsAndContents.length; i += 2) {
      Path file = bundles().resolve("claude").resolve(pathsAndContents[i]);
      Files.createDirectories(file.getParent());
      Files.writeString(file, pathsAndContents[i + 1]);
    }
  }

  private List<String> lay() throws Exception {
    return lay(step -> {});
  }

  private List<String> lay(Laying.Steps steps) throws Exception {
    Files.createDirectories(workspace());
    return new AgentFiles(bundles(), steps).lay("claude", workspace(), journal());
  }

  private static SortedMap<String, String> content(Path top) throws IOException {
    var content = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = top.relativize(file).toString();
        if (!path.startsWith(".git/")) {
          content.put(path, Files.readString(file));
        }
      }
    }
    return content;
  }

  @Test
  void laysEveryFileWithItsRightsAndKeepsThemOutOfTheJobsChanges() throws Exception {
    bundle("CLAUDE.md", "be careful", ".claude/agents/a [1]*.md", "agent", ".claude/run", "#!x");
    Files.setPosixFilePermissions(
        bundles().resolve("claude/.claude/run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Git git = Git.init().setDirectory(workspace().toFile()).call()) {
      Files.writeString(workspace().resolve("own.txt"), "own");

      assertThat(lay()).isEmpty();
      assertThat(lay()).as("a second time").isEmpty();

      assertThat(content(workspace()))
          .containsEntry("CLAUDE.md", "be careful")
          .containsEntry(".claude/agents/a [1]*.md", "agent")
          .hasSize(4);
      assertThat(Files.isExecutable(workspace().resolve(".claude/run"))).isTrue();
      assertThat(git.status().call().getUntracked()).containsExactly("own.txt");
      Files.writeString(workspace().resolve(".claude/new.md"), "the job's own");
      assertThat(git.status().call().getUntracked())
          .containsExactlyInAnyOrder("own.txt", ".claude/new.md");
    }
  }

  @Test
  void leavesTheRepositorysOwnFilesAlone() throws Exception {
    bundle("CLAUDE.md", "ours", "same", "same", "more", "more");
    Files.createDirectories(workspace());
    Files.writeString(workspace().resolve("CLAUDE.md"), "theirs");
    Files.writeString(workspace().resolve("same"), "same");

    assertThat(lay()).containsExactly("CLAUDE.md");

    assertThat(content(workspace()))
        .containsEntry("CLAUDE.md", "theirs")
        .containsEntry("more", "more");
  }

  @Test
  void saysWhichBundleIsMissingAndWhere() {
    assertThatThrownBy(this::lay)
        .isInstanceOfSatisfying(
            BundleRefused.class, e -> assertThat(e.code()).isEqualTo(BundleRefused.Code.MISSING))
        .hasMessageContaining("'claude'")
        .hasMessageContaining(bundles().toString());
  }

  @Test
  void refusesALinkInTheBundle() throws Exception {
    bundle("a", "a");
    Files.createSymbolicLink(bundles().resolve("claude/passwd"), Path.of("/etc/passwd"));

    assertThatThrownBy(this::lay)
        .isInstanceOf(BundleRefused.class)
        .hasMessageContaining("'passwd'");
  }

  @ParameterizedTest
  @ValueSource(strings = {".git/hooks/pre-commit", "sub/.GIT/config"})
  void refusesWhatIsGitsOwn(String path) throws Exception {
    bundle(path, "x");

    assertThatThrownBy(this::lay).isInstanceOf(BundleRefused.class).hasMessageContaining("git");
  }

  @Test
  void writesThroughNoLinkOfTheRepository() throws Exception {
    bundle(".claude/settings.json", "{}");
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createDirectories(workspace());
    Files.createSymbolicLink(workspace().resolve(".claude"), outside);

    assertThatThrownBy(this::lay)
        .isInstanceOf(BundleRefused.class)
        .hasMessageContaining("behind a link");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void laysTheNewBundleWholeIfItChangesDuringTheCopy() throws Exception {
    bundle("a", "a1", "b", "b1", "c", "c1");
    var steps = new ArrayList<String>();

    lay(step -> {
      steps.add(step);
      if (steps.size() == 4) {
        try {
          bundle("b", "b2");
          Files.delete(bundles().resolve("claude/a"));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    });

    assertThat(content(workspace()))
        .containsExactlyEntriesOf(new TreeMap<>(java.util.Map.of("b", "b2", "c", "c1")));
  }

  @Test
  void givesUpOnABundleThatNeverRests() throws Exception {
    bundle("a", "a");
    var random = new Random(1);

    assertThatThrownBy(() ->
            lay(step -> {
              try {
                bundle("a", "a" + random.nextLong());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }))
        .isInstanceOfSatisfying(
            BundleRefused.class, e -> assertThat(e.code()).isEqualTo(BundleRefused.Code.CHANGING));
  }

  /** A crash before any step, then the same bundle or another one: the end is always the same. */
  @Test
  void goesOnAfterACrashAtAnyStep() throws Exception {
    var steps = new ArrayList<String>();
    bundle("a", "a1", "deep/b", "b1", "own", "ours", "deep/gone", "g1");
    Files.createDirectories(workspace());
    Files.writeString(workspace().resolve("own"), "theirs");
    lay(steps::add);
    assertThat(steps).hasSizeGreaterThan(8);

    for (boolean changed : List.of(false, true)) {
      for (int crash = 0; crash < steps.size(); crash++) {
        fresh("b1");
        crashAt(crash);
        if (changed) {
          bundle("deep/b", "b2");
          Files.delete(bundles().resolve("claude/deep/gone"));
        }

        assertThat(lay()).containsExactly("own");

        var expected = new TreeMap<>(content(bundles().resolve("claude")));
        expected.put("own", "theirs");
        assertThat(content(workspace()))
            .as("crash before '%s', bundle changed: %s", steps.get(crash), changed)
            .isEqualTo(expected);
      }
    }
  }

  private void fresh(String content) throws IOException {
    dev.holdfast.runtime.file.Tree.delete(workspace());
    Files.deleteIfExists(journal());
    Files.createDirectories(workspace());
    Files.writeString(workspace().resolve("own"), "theirs");
    bundle("deep/b", content, "deep/gone", "g1");
  }

  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  private void crashAt(int number) {
    var count = new ArrayList<String>();
    assertThatThrownBy(() ->
            lay(step -> {
              count.add(step);
              if (count.size() > number) {
                throw new Crash();
              }
            }))
        .isInstanceOf(Crash.class);
  }

  /** The same by kill -9 of a JVM that copies. */
  @ParameterizedTest
  @ValueSource(ints = {2, 90, 230})
  void goesOnAfterAKill(int step) throws Exception {
    var random = new Random(step);
    for (int i = 0; i < 120; i++) {
      bundle("d" + i % 7 + "/file-" + i, "x".repeat(random.nextInt(200_000)));
    }
    Files.createDirectories(workspace());
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                bundles().toString(),
                "claude",
                workspace().toString(),
                journal().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < step; i++) {
        assertThat(said.readLine()).isNotNull();
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(content(workspace())).hasSizeLessThan(122);

    lay();

    assertThat(content(workspace())).isEqualTo(content(bundles().resolve("claude")));
  }
}
