package dev.holdfast.worker.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.worker.index.CodeIndex.Sources;
import dev.holdfast.worker.index.IndexFixture;
import dev.holdfast.worker.workspace.PreparedWorkspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that a job calls, really started, over a real index. */
class SearchCommandTest {
  @TempDir Path temporary;
  private IndexFixture fixture;
  private PreparedWorkspace workspace;
  private Path index;
  private Map<String, Long> counts;

  private record Answer(int exitCode, List<String> out, String err) {}

  @BeforeEach
  void make() throws Exception {
    fixture = new IndexFixture(temporary);
    fixture.write("src/Http.java", "class Http {\n  void parseHttpHeader() {}\n}\n");
    fixture.write("src/other.py", "def parse_body():\n    pass\n# header, größer\n");
    fixture.write("lib/header.txt", "nothing to see\n");
    fixture.write("image.bin", "a\0b parse header");
    fixture.write("huge.txt", "parse header\n".repeat(100_000));
    fixture.commit("first");
    workspace = fixture.prepare("job-1");
    index = Files.createDirectories(temporary.resolve("an index"));
    counts =
        fixture
            .lucene()
            .make(
                new Sources(workspace.mirror(), workspace.baseCommit(), Optional.empty()),
                index,
                IndexFixture.patient())
            .counts();
  }

  private Answer search(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(new SearchScript(temporary.resolve("bin dir")).written().toString());
    command.addAll(Arrays.asList(arguments));
    Path out = temporary.resolve("out");
    Path err = temporary.resolve("err");
    var builder =
        new ProcessBuilder(command)
            .directory(workspace.directory().toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("HOLDFAST_INDEX", index.toString());
    int exitCode = builder.start().waitFor();
    return new Answer(
        exitCode,
        Files.readAllLines(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void countsWhatItLeavesOut() {
    assertThat(counts).isEqualTo(Map.of("indexed", 3L, "binary", 1L, "large", 1L));
  }

  @Test
  void findsNamesByTheirPartsAndSaysWhere() throws Exception {
    Answer answer = search("parse", "header");

    assertThat(answer.err()).isEmpty();
    assertThat(answer.out())
        .containsExactlyInAnyOrder(
            "src/Http.java:2:  void parseHttpHeader() {}",
            "src/other.py:1:def parse_body():",
            "src/other.py:3:# header, größer");
    assertThat(answer.exitCode()).isZero();
  }

  @Test
  void findsWholeNamesFilesByNameAndBeginnings() throws Exception {
    assertThat(search("parseHttpHeader").out())
        .containsExactly("src/Http.java:2:  void parseHttpHeader() {}");
    assertThat(search("--path", "lib/", "header").out())
        .containsExactly("lib/header.txt:1:nothing to see");
    assertThat(search("--path", "*.py", "pars*").out())
        .containsExactly("src/other.py:1:def parse_body():");
  }

  @Test
  void printsJsonAndKeepsToALimit() throws Exception {
    assertThat(search("--json", "--limit", "1", "größer").out())
        .containsExactly(
            """
            {"path":"src/other.py","line":3,"text":"# header, größer","changed":false}\
            """);
    assertThat(search("--limit", "1", "header").out()).hasSize(1);
  }

  @Test
  void namesFilesThatTheJobHasChangedSince() throws Exception {
    Files.writeString(workspace.directory().resolve("src/Http.java"), "class Changed {}\n");

    Answer answer = search("parseHttpHeader");

    assertThat(answer.out()).hasSize(1);
    assertThat(answer.err()).contains("changed since", "src/Http.java");
  }

  @Test
  void saysThatNothingWasFoundThatNothingWasAskedOrThatThereIsNoIndex() throws Exception {
    assertThat(search("nonexistentword").exitCode()).isEqualTo(1);
    assertThat(search().exitCode()).isEqualTo(2);
    assertThat(search("--index", temporary.resolve("none").toString(), "word"))
        .satisfies(answer -> {
          assertThat(answer.exitCode()).isEqualTo(3);
          assertThat(answer.err()).contains("there is no index in", "grep");
        });
  }
}
