package dev.holdfast.gateway.output;

/** Bytes of a stream from {@code from} up to {@code to} that cannot be had. */
public record Hole(long from, long to, Why why) {
  /** Why bytes cannot be had. */
  public enum Why {
    /** The attempt wrote more than is kept. */
    LIMIT("were not kept: the output limit was reached"),
    /** They never came, or Kafka has deleted them. */
    MISSING("are missing: they never reached the log, or the log no longer keeps them");

    private final String sentence;

    Why(String sentence) {
      this.sentence = sentence;
    }

    public String sentence() {
      return sentence;
    }
  }
}
