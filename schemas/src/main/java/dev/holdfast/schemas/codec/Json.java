package dev.holdfast.schemas.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.holdfast.schemas.InvalidField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.stream.Collectors;

/** The one way values become JSON and back. Bad input is an {@link InvalidField}, never else. */
public final class Json {
  /** Ignores unknown fields: an older reader survives a newer writer. */
  private static final JsonMapper LENIENT =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(
              new SimpleModule("durations").addDeserializer(Duration.class, new DurationText()))
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .withCoercionConfig(LogicalType.Textual, Json::textOnly)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  /** Refuses unknown and missing fields: a stranger's typing error is told, not swallowed. */
  private static final JsonMapper STRICT =
      LENIENT
          .rebuild()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  static {
    LENIENT.getFactory().setStreamReadConstraints(constraints());
    STRICT.getFactory().setStreamReadConstraints(constraints());
  }

  private Json() {}

  /** A number where text is asked for is a mistake, not a text. */
  private static void textOnly(MutableCoercionConfig text) {
    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  private static StreamReadConstraints constraints() {
    return StreamReadConstraints.builder()
        .maxNestingDepth(100)
        .maxDocumentLength(8L * 1024 * 1024)
        .build();
  }

  public static ObjectWriter writerFor(Class<?> type) {
    return LENIENT.writerFor(type);
  }

  public static ObjectReader lenientReaderFor(Class<?> type) {
    return LENIENT.readerFor(type);
  }

  public static ObjectReader strictReaderFor(Class<?> type) {
    return STRICT.readerFor(type);
  }

  /** A value of ours as UTF-8 JSON. */
  public static byte[] bytes(Object value) {
    return bytes(LENIENT.writer(), value);
  }

  static byte[] bytes(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a whole value.
   *
   * @throws InvalidField if it does not parse or breaks its schema
   */
  public static <T> T read(ObjectReader reader, byte[] bytes) {
    try {
      T value = reader.readValue(bytes);
      if (value == null) {
        throw new InvalidField("", "expected a JSON object, found null");
      }
      return value;
    } catch (IOException e) {
      throw invalid(e);
    }
  }

  /** What a Jackson failure says, as the field at fault and the problem. */
  public static InvalidField invalid(IOException failure) {
    if (!(failure instanceof JsonMappingException mapping)) {
      String text =
          failure instanceof JsonProcessingException parsing
              ? parsing.getOriginalMessage()
              : String.valueOf(failure.getMessage());
      return new InvalidField("", "is not valid JSON: " + text);
    }
    String path = path(mapping);
    for (Throwable cause = mapping; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidField field) {
        return path.isEmpty() ? field : nested(path, field);
      }
    }
    return switch (mapping) {
      case UnrecognizedPropertyException unknown ->
          new InvalidField(
              path, "is not a known field; known are " + unknown.getKnownPropertyIds());
      case InvalidTypeIdException type ->
          new InvalidField(
              path.isEmpty() ? "type" : path + ".type",
              type.getTypeId() == null
                  ? "is required"
                  : "is not a known type: " + type.getTypeId());
      default -> new InvalidField(path, mapping.getOriginalMessage());
    };
  }

  /** A one-field id fails inside its own record: the path already ends with the field's name. */
  private static InvalidField nested(String path, InvalidField field) {
    String last = path.substring(path.lastIndexOf('.') + 1);
    return last.equals(field.field())
        ? new InvalidField(path, field.problem())
        : field.within(path);
  }

  private static String path(JsonMappingException failure) {
    return failure.getPath().stream()
        .map(step ->
            step.getFieldName() != null ? "." + step.getFieldName() : "[" + step.getIndex() + "]")
        .collect(Collectors.joining())
        .replaceFirst("^\\.", "");
  }

  /** Kept so that callers can parse loose JSON with the same limits. */
  public static JsonParser parser(byte[] bytes) throws IOException {
    return LENIENT.createParser(bytes);
  }
}
