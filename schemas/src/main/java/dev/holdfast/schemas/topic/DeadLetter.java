package dev.holdfast.schemas.topic;

/**
 * Header names of a dead letter. Its value is the original bytes, its key {@code
 * topic-partition@offset}; every header is UTF-8 text.
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

  private DeadLetter() {}

  public static String keyOf(String topic, int partition, long offset) {
    return topic + "-" + partition + "@" + offset;
  }
}
