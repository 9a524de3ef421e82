package dev.holdfast.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.holdfast.schemas.codec.Serdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers write is judged alike by the schema, which they have, and by the record. */
class CommandCorpusTest {
  private static final Pattern REPEATED = Pattern.compile("<(.)\\*(\\d+)>");

  static Stream<Arguments> invalid() throws IOException {
    return lines("invalid-commands.txt")
        .map(line -> line.split("[|]", 2))
        .map(parts -> Arguments.of(parts[0].strip(), parts[1].strip()));
  }

  static Stream<String> valid() throws IOException {
    return lines("valid-commands.txt");
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void theRecordRefusesNamingTheField(String field, String json) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> Serdes.COMMAND.read(expanded(json).getBytes(UTF_8)))
        .satisfies(e -> assertThat(e.field()).as(e.describe()).isEqualTo(field));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void theSchemaRefuses(String field, String json) {
    assertThat(Schemas.problems("job-command.schema.json", expanded(json))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void bothAccept(String json) {
    assertThatNoException().isThrownBy(() -> Serdes.COMMAND.read(expanded(json).getBytes(UTF_8)));
    assertThat(Schemas.problems("job-command.schema.json", expanded(json))).isEmpty();
  }

  /** What a schema cannot say: bytes, relations, repeated names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"command\":[\"a\"],\"priority\":5,\"priority\":6}",
        "{\"command\":[\"a\"],\"timeouts\":{\"run\":\"P366D\"}}",
        "{\"command\":[\"a\"],\"timeouts\":{\"run\":\"PT9223372036854775807S\"}}",
        "{\"command\":[\"a\"],\"liveness\":{\"heartbeat\":\"PT0.09S\",\"staleAfter\":\"PT2M\"}}",
        "{\"command\":[\"a\"],\"liveness\":{\"heartbeat\":\"PT30S\",\"staleAfter\":\"PT119S\"}}",
        "{\"command\":[\"a\"],\"liveness\":{\"heartbeat\":\"PT30S\",\"staleAfter\":\"P8D\"}}",
        "{\"command\":[\"a\"],\"liveness\":"
            + "{\"heartbeat\":\"PT9223372036854775807S\",\"staleAfter\":\"P7D\"}}",
        "{\"command\":[\"a\",\"<\u00fc*66000>\"]}",
      })
  void theRecordRefusesWhatASchemaCannotSay(String spec) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> Serdes.SPEC.read(expanded(spec).getBytes(UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("largest")
  void aSpecThatIsAcceptedFitsARecord(String spec) {
    byte[] json = spec.getBytes(UTF_8);

    try {
      assertThat(Serdes.SPEC.write(Serdes.SPEC.read(json))).hasSizeLessThan(700_000);
    } catch (InvalidField e) {
      assertThat(e.field()).isEqualTo("command");
      assertThat(json).hasSizeGreaterThan(500_000);
    }
  }

  /** As large as single limits allow, in the characters that take the most room. */
  static Stream<String> largest() {
    return Stream.of(3, 4, 10, 50_000)
        .flatMap(entries ->
            Stream.of("a", "\\u0001", "\\\"", "\u00fc", "\u6f22")
                .map(character -> {
                  String value = character.repeat(Math.min(40_000, 500_000 / entries));
                  String arguments = repeat(entries, i -> "\"" + value + "\"");
                  String env = repeat(entries, i -> "\"A" + i + "\":\"" + value + "\"");
                  return "{\"command\":[\"a\","
                      + arguments
                      + "],\"env\":{"
                      + env
                      + "},\"labels\":{"
                      + repeat(64, i -> "\"l" + i + "\":\"" + "\u6f22".repeat(200) + "\"")
                      + "}}";
                }));
  }

  private static String repeat(int times, IntFunction<String> part) {
    return IntStream.range(0, times).mapToObj(part).collect(joining(","));
  }

  private static String expanded(String text) {
    return REPEATED
        .matcher(text)
        .replaceAll(found -> found.group(1).repeat(Integer.parseInt(found.group(2))));
  }

  private static Stream<String> lines(String name) throws IOException {
    return Files.readAllLines(Path.of("src", "test", "resources", "corpus", name), UTF_8).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"));
  }
}
