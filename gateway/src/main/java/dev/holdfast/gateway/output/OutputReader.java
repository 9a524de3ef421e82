package dev.holdfast.gateway.output;

import dev.holdfast.schemas.attempt.OutputChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a stream piece by piece, in order, holes told as holes. Blocks. */
public final class OutputReader {
  private static final int MOST_SPANS = 256;
  private static final long ENOUGH_BYTES = 256 * 1024;

  private final OutputQueries queries;
  private final ChunkLog log;

  public OutputReader(OutputQueries queries, ChunkLog log) {
    this.queries = queries;
    this.log = log;
  }

  /** A part of a stream. */
  public sealed interface Piece {
    /** One past its last byte. */
    long end();

    /** Bytes as the job wrote them. */
    record Content(long start, byte[] bytes) implements Piece {
      @Override
      public long end() {
        return start + bytes.length;
      }
    }

    /** Bytes that cannot be had. */
    record Missing(Hole hole) implements Piece {
      @Override
      public long end() {
        return hole.to();
      }
    }
  }

  /**
   * The next pieces.
   *
   * @param from first byte
   * @param upTo no byte from here on
   * @param over whether the stream has ended: a gap is then a hole, before it may still be filled
   * @return empty when there is nothing yet, or nothing more
   */
  public List<Piece> next(StreamKey key, long from, long upTo, boolean over) {
    var wanted = new ArrayList<Span>();
    long reached = from;
    long bytes = 0;
    Hole hole = null;
    for (Span span : queries.spans(key, from, MOST_SPANS)) {
      if (reached >= upTo || bytes >= ENOUGH_BYTES) {
        break;
      }
      if (span.start() > reached) {
        hole = over ? new Hole(reached, Math.min(upTo, span.start()), Hole.Why.MISSING) : null;
        break;
      }
      if (span.cut()) {
        hole = new Hole(reached, Math.min(upTo, span.end()), Hole.Why.LIMIT);
        break;
      }
      if (!wanted.isEmpty() && span.partition() != wanted.getFirst().partition()) {
        break;
      }
      wanted.add(span);
      bytes += span.end() - reached;
      reached = span.end();
    }
    if (wanted.isEmpty() && hole == null && over && reached < upTo) {
      hole = new Hole(reached, upTo, Hole.Why.MISSING);
    }
    List<Piece> pieces = contents(key, wanted, from, upTo);
    if (hole != null) {
      pieces.add(new Piece.Missing(hole));
    }
    return pieces;
  }

  private List<Piece> contents(StreamKey key, List<Span> spans, long from, long upTo) {
    var pieces = new ArrayList<Piece>();
    if (spans.isEmpty()) {
      return pieces;
    }
    List<Long> positions = spans.stream().map(Span::position).distinct().sorted().toList();
    Map<Long, OutputChunk.Bytes> chunks = log.read(key, spans.getFirst().partition(), positions);
    for (Span span : spans) {
      long start = Math.max(from, span.start());
      long end = Math.min(upTo, span.end());
      OutputChunk.Bytes chunk = chunks.get(span.position());
      if (chunk == null || chunk.offset() != span.chunkStart() || chunk.end() < end) {
        pieces.add(new Piece.Missing(new Hole(start, end, Hole.Why.MISSING)));
      } else {
        byte[] bytes = new byte[(int) (end - start)];
        System.arraycopy(chunk.bytes(), (int) (start - chunk.offset()), bytes, 0, bytes.length);
        pieces.add(new Piece.Content(start, bytes));
      }
    }
    return pieces;
  }
}
