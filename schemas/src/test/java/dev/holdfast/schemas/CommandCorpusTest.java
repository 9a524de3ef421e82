package dev.holdfast.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.Job;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.topic.RecordSize;
import dev.holdfast.schemas.worker.WorkerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
  private static final long MOST = Long.MAX_VALUE;
  private static final Pattern REPEATED = Pattern.compile("<([^<*]+)\\*(\\d+)>");

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
        "{\"command\":[\"a\"],\"scheduling\":{\"exclusive\":true}}",
        "{\"command\":[\"a\"],\"locks\":[{\"name\":\"b\"},{\"name\":\"b\",\"permits\":2}]}",
        "{\"command\":[\"a\"],\"locks\":[{\"name\":\"b\"}],\"onLostLease\":\"continue\"}",
        "{\"command\":[\"a\"],\"quota\":{\"account\":\"b\",\"pattern\":\"(\"}}",
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

  /** In all the records that carry it: what is accepted must get through, for ever. */
  @ParameterizedTest
  @MethodSource("largest")
  void aSpecThatIsAcceptedFitsEveryRecord(String json) {
    JobSpec spec;
    try {
      spec = Serdes.SPEC.read(json.getBytes(UTF_8));
    } catch (InvalidField e) {
      assertThat(e.field()).as(e.describe()).isEqualTo("command");
      assertThat(json.getBytes(UTF_8)).hasSizeGreaterThan(500_000);
      return;
    }

    assertThat(recordsOf(spec))
        .allSatisfy(record -> assertThat(record).hasSizeLessThan(RecordSize.MOST_BYTES));
  }

  private static List<byte[]> recordsOf(JobSpec spec) {
    var id = new JobId("j".repeat(100));
    var worker = new WorkerId("w".repeat(100));
    var cause = new Cause("\"".repeat(200), "");
    String digest = "d".repeat(64);
    var file = new BlobRef("\"".repeat(200), "\"".repeat(200), digest, MOST, 9, 9, MOST);
    var kept = new Kept(file, file);
    var token = new Token(MOST);
    return List.of(
        Serdes.COMMAND.write(
            new JobCommand.Submit(id, spec, "\u6f22".repeat(200), "\u6f22".repeat(200))),
        Serdes.EVENT.write(new JobEvent.Submitted(id, Instant.EPOCH, cause, spec, digest, MOST)),
        Serdes.ORDER.write(
            new Order.Assigned(worker, MOST, MOST, id, Integer.MAX_VALUE, token, spec, kept)),
        Serdes.JOB.write(
            new Job(id, spec, digest, MOST, Instant.EPOCH, 9, 9, new Job.Queued()).keeping(kept)));
  }

  /** As large as single limits allow, in the characters that take the most room. */
  static Stream<String> largest() {
    return Stream.of(1, 3, 4, 10, 50_000)
        .flatMap(entries ->
            Stream.of("a", "\\u0001", "\\\"", "\u00fc", "\u6f22")
                .flatMap(character ->
                    Stream.of("env", "files")
                        .map(field -> {
                          String value = character.repeat(Math.min(40_000, 500_000 / entries));
                          String named = repeat(entries, i -> "\"A" + i + "\":\"" + value + "\"");
                          return spec(
                              "[\"a\"," + repeat(entries, i -> "\"" + value + "\"") + "]",
                              field,
                              named);
                        })));
  }

  private static String spec(String command, String field, String named) {
    String line = "\u6f22".repeat(100);
    String name = "n".repeat(96);
    return "{\"command\":%s,\"%s\":{%s},".formatted(command, field, named)
        + "\"labels\":{"
        + repeat(64, i -> "\"l%02d%s\":\"%s%s\"".formatted(i, name, line, line))
        + "},\"secrets\":["
        + repeat(64, i -> "{\"name\":\"%s\",\"env\":\"E%d%s%s\"}".formatted(name, i, name, name))
        + "],\"repository\":{\"url\":\"%s\",\"ref\":\"%s\",\"credentials\":\"%s\"}"
            .formatted(line.repeat(20), line.repeat(5), name)
        + ",\"container\":{\"image\":\"%s\",\"network\":\"%s\",\"user\":\"%s\",\"credentials\":\"%s\"}"
            .formatted(line.repeat(5), line, line, name)
        + ",\"finisher\":{\"marker\":\"%s\"},\"agentFiles\":\"%s\""
            .formatted("\\\"".repeat(200), name)
        + ",\"scheduling\":{\"owner\":\"%s\",\"pool\":\"%s\",\"exclusive\":true,\"requires\":{"
            .formatted(line.repeat(2), name)
        + repeat(16, i -> "\"l%02d%s\":\"%s%s\"".formatted(i, name, line, line))
        + "}},\"locks\":["
        + repeat(16, i -> "{\"name\":\"%s%d\"}".formatted(line.repeat(20), i))
        + "],\"liveness\":{\"heartbeat\":\"PT30S\",\"staleAfter\":\"PT2M\"}}";
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
