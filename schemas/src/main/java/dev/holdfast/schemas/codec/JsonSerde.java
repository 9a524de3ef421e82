package dev.holdfast.schemas.codec;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.holdfast.schemas.InvalidField;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * JSON of one published type, as Kafka's serde and as plain methods. A tombstone is null both ways.
 * Where strangers write, consumers take bytes and call {@link #read} themselves, so that a bad
 * record becomes a dead letter and not an exception in a poll loop.
 */
public final class JsonSerde<T> implements Serde<T> {
  private final ObjectWriter writer;
  private final ObjectReader reader;

  private JsonSerde(ObjectWriter writer, ObjectReader reader) {
    this.writer = writer;
    this.reader = reader;
  }

  /** Refuses unknown fields. */
  public static <T> JsonSerde<T> strict(Class<T> type) {
    return new JsonSerde<>(Json.writerFor(type), Json.strictReaderFor(type));
  }

  /** Ignores unknown fields. */
  public static <T> JsonSerde<T> lenient(Class<T> type) {
    return new JsonSerde<>(Json.writerFor(type), Json.lenientReaderFor(type));
  }

  public byte[] write(T value) {
    return Json.bytes(writer, value);
  }

  /**
   * Reads a value.
   *
   * @throws InvalidField if the bytes do not parse or break the schema
   */
  public T read(byte[] bytes) {
    return Json.read(reader, bytes);
  }

  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> value == null ? null : write(value);
  }

  @Override
  @SuppressWarnings("NullAway") // a tombstone is null, which Kafka's interface does not say
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> {
      if (bytes == null) {
        return null;
      }
      try {
        return read(bytes);
      } catch (InvalidField e) {
        throw new SerializationException("record of topic " + topic + ": " + e.getMessage(), e);
      }
    };
  }
}
