package dev.holdfast.gateway.output;

/**
 * How much of a stream is known.
 *
 * @param covered bytes that are known, or known not to have been kept
 * @param top one past the last of them
 */
public record Extent(long covered, long top) {
  public static final Extent NONE = new Extent(0, 0);

  /** Whether nothing is missing below the top. */
  public boolean contiguous() {
    return covered == top;
  }

  /** Whether all of a stream of this length is known. */
  public boolean covers(long total) {
    return contiguous() && top >= total;
  }

  Extent plus(Span span) {
    return new Extent(covered + span.length(), Math.max(top, span.end()));
  }
}
