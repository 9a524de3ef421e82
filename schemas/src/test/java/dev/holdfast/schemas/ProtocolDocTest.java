package dev.holdfast.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.schemas.topic.DeadLetter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/protocol.md tells the truth, where a program can check it. */
class ProtocolDocTest {
  private static final Path DOC = Path.of("..", "docs", "protocol.md");
  private static final Pattern JSON_EXAMPLE =
      Pattern.compile("<!-- example:([a-z-]+) -->\n```json\n(.*?)```", Pattern.DOTALL);
  private static final Pattern KCAT_SUBMIT =
      Pattern.compile(
          "<!-- example:kcat-submit -->\n```sh\necho '([^:]+):(.*)' \\| kcat (.*)\n```");

  static Stream<Arguments> examples() throws IOException {
    return JSON_EXAMPLE
        .matcher(text())
        .results()
        .map(example -> Arguments.of(example.group(1), example.group(2)));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleIsValid(String family, String json) {
    assertThat(Schemas.problems(family + ".schema.json", json)).isEmpty();
    assertThat(Published.of(family).serde().read(json.getBytes(UTF_8))).isNotNull();
  }

  @Test
  void theKcatExampleSubmitsAJobUnderItsOwnKey() throws IOException {
    MatchResult example = KCAT_SUBMIT.matcher(text()).results().findFirst().orElseThrow();

    JobCommand command = Serdes.COMMAND.read(example.group(2).getBytes(UTF_8));

    assertThat(command).isInstanceOf(JobCommand.Submit.class);
    assertThat(command.job().value()).isEqualTo(example.group(1));
    assertThat(example.group(3)).contains("-t " + CellTopic.COMMANDS.in("main"), "-K:");
  }

  @ParameterizedTest
  @EnumSource
  void theTableOfTopicsIsTheCatalogue(CellTopic topic) throws IOException {
    String name = topic.in("x").replace("holdfast.x.", "");
    String kept =
        topic.settings().get("cleanup.policy").equals("compact")
            ? "compacted"
            : Duration.ofMillis(Long.parseLong(topic.settings().get("retention.ms"))).toDays()
                + " d";

    String columns = " | " + topic.partitions() + " | " + kept + " | ";
    assertThat(text().lines())
        .filteredOn(line -> line.startsWith("| `" + name + "` |") && line.contains(columns))
        .as("the row of %s: %d partitions, %s", name, topic.partitions(), kept)
        .hasSize(1);
  }

  @Test
  void theTableOfHeadersIsComplete() throws IOException {
    assertThat(text())
        .contains(
            Stream.of(
                    DeadLetter.REASON,
                    DeadLetter.TOPIC,
                    DeadLetter.PARTITION,
                    DeadLetter.OFFSET,
                    DeadLetter.KEY,
                    DeadLetter.CUT_FROM)
                .map(header -> "`" + header + "`")
                .toList());
  }

  @Test
  void linksToSchemasThatExist() throws IOException {
    assertThat(
            Pattern.compile("\\]\\(\\.\\./(schemas/[^)]*)\\)")
                .matcher(text())
                .results()
                .map(link -> Path.of("..", link.group(1))))
        .hasSizeGreaterThan(7)
        .allMatch(Files::exists);
  }

  private static String text() throws IOException {
    return Files.readString(DOC, UTF_8);
  }
}
