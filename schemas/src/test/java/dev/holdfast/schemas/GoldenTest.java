package dev.holdfast.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.schemas.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was written yesterday is read today, and what is written today is what was agreed. */
class GoldenTest {
  private static final ObjectMapper TREES = new ObjectMapper();
  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

  /** Makes the files of new types, to be looked at before they are kept. */
  @BeforeAll
  static void writeMissing() throws IOException {
    if (Boolean.getBoolean("holdfast.regenerate")) {
      for (var golden : Golden.values().entrySet()) {
        if (Files.notExists(file(golden.getKey()))) {
          Files.write(
              file(golden.getKey()),
              Json.writerFor(Published.of(golden.getKey()).type())
                  .withDefaultPrettyPrinter()
                  .writeValueAsBytes(golden.getValue()));
        }
      }
    }
  }

  static Stream<String> names() {
    return Golden.values().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void isWrittenAsAgreed(String name) throws IOException {
    Object value = Golden.values().get(name);

    byte[] written = Json.writerFor(Published.of(name).type()).writeValueAsBytes(value);

    assertThat(TREES.readTree(written)).isEqualTo(tree(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void isReadAsItWasMeant(String name) throws IOException {
    Object read = Published.of(name).serde().read(Files.readAllBytes(file(name)));

    assertThat(read).isEqualTo(Golden.values().get(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void obeysItsSchema(String name) throws IOException {
    String schema = Published.of(name).schema();

    if (!schema.isEmpty()) {
      assertThat(Schemas.problems(schema, Files.readString(file(name), UTF_8))).isEmpty();
    }
  }

  @Test
  void everyFileIsCompared() throws IOException {
    try (var files = Files.list(GOLDEN)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
          .containsExactlyInAnyOrderElementsOf(Golden.values().keySet());
    }
  }

  private static JsonNode tree(String name) throws IOException {
    return TREES.readTree(Files.readAllBytes(file(name)));
  }

  private static Path file(String name) {
    return GOLDEN.resolve(name + ".json");
  }
}
