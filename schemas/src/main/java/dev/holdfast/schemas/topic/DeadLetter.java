package dev.holdfast.schemas.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A record that is set aside: its original bytes, with the reason in headers, each UTF-8 text.
 * Whatever came in, a dead letter fits a record: a value that was small only while it was
 * compressed must not stop whoever writes it again.
 */
public final class DeadLetter {
  /** What could not be understood, naming the field where there is one. */
  public static final String REASON = "reason";

  public static final String TOPIC = "topic";
  public static final String PARTITION = "partition";
  public static final String OFFSET = "offset";

  /** The original key, if it had one. */
  public static final String KEY = "key";

  /** How many bytes the original value had, if only its beginning could be kept. */
  public static final String CUT_FROM = "cut-from";

  private static final int MOST_VALUE_BYTES = 512 * 1024;
  private static final int MOST_TEXT_CHARACTERS = 2_000;

  private final String key;
  private final byte @Nullable [] value;
  private final Map<String, String> headers = new LinkedHashMap<>();

  /** Where a record was. */
  public record Position(String topic, int partition, long offset) {
    @Override
    public String toString() {
      return topic + "-" + partition + "@" + offset;
    }
  }

  private DeadLetter(Position position, byte @Nullable [] value) {
    this.key = position.toString();
    this.value = value;
  }

  /**
   * Sets a record aside.
   *
   * @param key of the record, at any length, like the reason: a stranger wrote it
   */
  public static DeadLetter of(
      Position position, @Nullable String key, byte @Nullable [] value, String reason) {
    int bytes = value == null ? 0 : value.length;
    var letter = new DeadLetter(position, cut(value));
    letter.add(REASON, reason);
    letter.add(TOPIC, position.topic());
    letter.add(PARTITION, Integer.toString(position.partition()));
    letter.add(OFFSET, Long.toString(position.offset()));
    if (key != null) {
      letter.add(KEY, key);
    }
    if (bytes > MOST_VALUE_BYTES) {
      letter.add(CUT_FROM, Integer.toString(bytes));
    }
    return letter;
  }

  /** The record's place, {@code topic-partition@offset}. */
  public String key() {
    return key;
  }

  /** The original bytes, or the beginning of them; null if there were none. */
  public byte @Nullable [] value() {
    return value;
  }

  /** Hands out the headers, as Kafka takes them. */
  public void eachHeader(BiConsumer<String, byte[]> reader) {
    headers.forEach((name, text) -> reader.accept(name, text.getBytes(UTF_8)));
  }

  /** The beginning of a text that can be of any length. */
  public static String fitting(String text) {
    return text.substring(0, Math.min(text.length(), MOST_TEXT_CHARACTERS));
  }

  private static byte @Nullable [] cut(byte @Nullable [] value) {
    return value == null || value.length <= MOST_VALUE_BYTES
        ? value
        : Arrays.copyOf(value, MOST_VALUE_BYTES);
  }

  private void add(String name, String text) {
    headers.put(name, fitting(text));
  }
}
