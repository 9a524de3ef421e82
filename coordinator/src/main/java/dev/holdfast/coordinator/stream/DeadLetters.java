package dev.holdfast.coordinator.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.schemas.topic.DeadLetter;
import java.util.Arrays;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Makes dead letters. Whatever came in, a dead letter fits a Kafka record: a value that was small
 * only while it was compressed must not stop the cell when it is written again.
 */
final class DeadLetters {
  private static final int MOST_VALUE_BYTES = 512 * 1024;
  private static final int MOST_TEXT_CHARACTERS = 2_000;

  private DeadLetters() {}

  static Record<String, byte[]> of(
      Record<String, byte[]> record, RecordMetadata position, String reason, long nowMs) {
    Headers headers = new RecordHeaders();
    add(headers, DeadLetter.REASON, reason);
    add(headers, DeadLetter.TOPIC, position.topic());
    add(headers, DeadLetter.PARTITION, Integer.toString(position.partition()));
    add(headers, DeadLetter.OFFSET, Long.toString(position.offset()));
    if (record.key() != null) {
      add(headers, DeadLetter.KEY, record.key());
    }
    byte[] value = record.value();
    if (value != null && value.length > MOST_VALUE_BYTES) {
      add(headers, DeadLetter.CUT_FROM, Integer.toString(value.length));
      value = Arrays.copyOf(value, MOST_VALUE_BYTES);
    }
    return new Record<>(keyOf(position), value, nowMs, headers);
  }

  static String keyOf(RecordMetadata position) {
    return DeadLetter.keyOf(position.topic(), position.partition(), position.offset());
  }

  /** What a stranger wrote can be part of a reason, at any length. */
  static String fitting(String text) {
    return text.substring(0, Math.min(text.length(), MOST_TEXT_CHARACTERS));
  }

  private static void add(Headers headers, String name, String text) {
    headers.add(name, fitting(text).getBytes(UTF_8));
  }
}
