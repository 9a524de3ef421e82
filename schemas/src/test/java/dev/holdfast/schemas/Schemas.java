package dev.holdfast.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The published schemas, as a stranger uses them. */
final class Schemas {
  private static final String BASE = "https://holdfast.dev/schemas/";
  private static final ObjectMapper TREES = new ObjectMapper();

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder -> builder.schemas(id -> text(id.substring(BASE.length()))));

  private Schemas() {}

  /** What a value breaks; empty if it obeys. */
  static List<String> problems(String schema, String json) {
    return REGISTRY
        .getSchema(SchemaLocation.of(BASE + schema))
        .validate(
            json,
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .toList();
  }

  static JsonNode tree(String file) {
    try {
      return TREES.readTree(text(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static String text(String file) {
    try (InputStream resource =
        Objects.requireNonNull(Schemas.class.getResourceAsStream(file), "no schema " + file)) {
      return new String(resource.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}
