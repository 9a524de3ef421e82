package dev.holdfast.gateway.output;

import java.util.ArrayList;
import java.util.List;

/** What a chunk adds to what is known of its stream. Pure. */
final class Coverage {
  private Coverage() {}

  /**
   * The parts of a chunk that are new.
   *
   * @param known spans that overlap the chunk, in order, not overlapping one another
   */
  static List<Span> added(List<Span> known, Span chunk) {
    var added = new ArrayList<Span>();
    long from = chunk.start();
    for (Span span : known) {
      if (span.start() > from) {
        added.add(part(chunk, from, Math.min(span.start(), chunk.end())));
      }
      from = Math.max(from, span.end());
    }
    if (from < chunk.end()) {
      added.add(part(chunk, from, chunk.end()));
    }
    return added;
  }

  private static Span part(Span chunk, long start, long end) {
    return new Span(
        start, end, chunk.cut(), chunk.partition(), chunk.position(), chunk.chunkStart());
  }
}
