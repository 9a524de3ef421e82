package dev.holdfast.gateway.output;

import dev.holdfast.gateway.view.ViewFile;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/** What can be asked of the index of output. Blocks, so never called on an event loop. */
public final class OutputQueries {
  private final ViewFile file;

  OutputQueries(ViewFile file) {
    this.file = file;
  }

  public Extent extent(StreamKey key) {
    return file.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement("SELECT covered, top FROM extent" + OutputRows.OF_STREAM)) {
        OutputRows.bind(select, key);
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? new Extent(row.getLong(1), row.getLong(2)) : Extent.NONE;
        }
      }
    });
  }

  /** Spans that end after a byte, in order. */
  List<Span> spans(StreamKey key, long from, int limit) {
    return file.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT start, stop, cut, partition, position, chunk_start FROM span"
                  + OutputRows.OF_STREAM
                  + " AND start >= coalesce((SELECT max(start) FROM span"
                  + OutputRows.OF_STREAM
                  + " AND start <= ?), 0) AND stop > ? ORDER BY start LIMIT ?")) {
        OutputRows.bind(select, key);
        select.setString(4, key.job().value());
        select.setLong(5, key.token().value());
        select.setInt(6, key.stream().ordinal());
        select.setLong(7, from);
        select.setLong(8, from);
        select.setInt(9, limit);
        try (ResultSet rows = select.executeQuery()) {
          var spans = new ArrayList<Span>();
          while (rows.next()) {
            spans.add(OutputRows.span(rows));
          }
          return spans;
        }
      }
    });
  }

  /** Parts of a stream from a byte up to an end that were not kept or are missing, in order. */
  public List<Hole> holes(StreamKey key, long from, long end, int limit) {
    var holes = new ArrayList<Hole>();
    long reached = from;
    while (reached < end && holes.size() < limit) {
      List<Span> spans = spans(key, reached, 1_000);
      if (spans.isEmpty()) {
        holes.add(new Hole(reached, end, Hole.Why.MISSING));
        break;
      }
      for (Span span : spans) {
        if (span.start() > reached) {
          holes.add(new Hole(reached, Math.min(end, span.start()), Hole.Why.MISSING));
        }
        if (span.cut() && span.start() < end) {
          holes.add(
              new Hole(Math.max(from, span.start()), Math.min(end, span.end()), Hole.Why.LIMIT));
        }
        reached = span.end();
      }
    }
    return holes;
  }
}
