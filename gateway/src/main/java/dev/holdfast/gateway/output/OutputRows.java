package dev.holdfast.gateway.output;

import static java.util.Objects.requireNonNull;

import dev.holdfast.gateway.view.ViewSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows that one batch of chunks changes. */
final class OutputRows implements AutoCloseable {
  static final ViewSchema SCHEMA =
      new ViewSchema(
          1,
          List.of("span", "extent"),
          List.of(
              """
              CREATE TABLE span (job TEXT NOT NULL, token INTEGER NOT NULL, stream INTEGER NOT NULL,
                start INTEGER NOT NULL, stop INTEGER NOT NULL, cut INTEGER NOT NULL,
                partition INTEGER NOT NULL, position INTEGER NOT NULL, chunk_start INTEGER NOT NULL,
                PRIMARY KEY (job, token, stream, start)) WITHOUT ROWID\
              """,
              """
              CREATE TABLE extent (job TEXT NOT NULL, token INTEGER NOT NULL,
                stream INTEGER NOT NULL, covered INTEGER NOT NULL, top INTEGER NOT NULL,
                partition INTEGER NOT NULL, position INTEGER NOT NULL,
                PRIMARY KEY (job, token, stream)) WITHOUT ROWID\
              """,
              "CREATE INDEX extent_position ON extent (partition, position)"));

  static final String OF_STREAM = " WHERE job = ? AND token = ? AND stream = ?";

  private final PreparedStatement overlapping;
  private final PreparedStatement insert;
  private final PreparedStatement selectExtent;
  private final PreparedStatement upsertExtent;
  private final Map<StreamKey, Extent> extents = new HashMap<>();
  private final Map<StreamKey, Span> newest = new HashMap<>();

  OutputRows(Connection connection) throws SQLException {
    overlapping =
        connection.prepareStatement(
            "SELECT start, stop, cut, partition, position, chunk_start FROM span"
                + OF_STREAM
                + " AND start < ? AND stop > ? ORDER BY start");
    insert =
        connection.prepareStatement(
            "INSERT INTO span (job, token, stream, start, stop, cut, partition, position,"
                + " chunk_start) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    selectExtent = connection.prepareStatement("SELECT covered, top FROM extent" + OF_STREAM);
    upsertExtent =
        connection.prepareStatement(
            "INSERT INTO extent (job, token, stream, covered, top, partition, position)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (job, token, stream) DO UPDATE SET"
                + " covered = excluded.covered, top = excluded.top, position = excluded.position");
  }

  /** Adds what is new in a chunk. */
  void add(StreamKey key, Span chunk) throws SQLException {
    newest.put(key, chunk);
    Extent extent = extents.get(key);
    if (extent == null) {
      extent = extent(key);
    }
    List<Span> known = chunk.start() >= extent.top() ? List.of() : overlapping(key, chunk);
    for (Span span : Coverage.added(known, chunk)) {
      insert(key, span);
      extent = extent.plus(span);
    }
    extents.put(key, extent);
  }

  /** Writes the extents that the batch changed. */
  void store() throws SQLException {
    for (var entry : extents.entrySet()) {
      Span last = requireNonNull(newest.get(entry.getKey()));
      bind(upsertExtent, entry.getKey());
      upsertExtent.setLong(4, entry.getValue().covered());
      upsertExtent.setLong(5, entry.getValue().top());
      upsertExtent.setInt(6, last.partition());
      upsertExtent.setLong(7, last.position());
      upsertExtent.executeUpdate();
    }
  }

  /** Forgets streams of which Kafka has deleted everything. */
  static void purge(Connection connection, int partition, long firstPosition) throws SQLException {
    String gone =
        " FROM extent WHERE partition = " + partition + " AND position < " + firstPosition;
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(
          "DELETE FROM span WHERE (job, token, stream) IN (SELECT job, token, stream" + gone + ")");
      statement.executeUpdate("DELETE" + gone);
    }
  }

  static void bind(PreparedStatement statement, StreamKey key) throws SQLException {
    statement.setString(1, key.job().value());
    statement.setLong(2, key.token().value());
    statement.setInt(3, key.stream().ordinal());
  }

  static Span span(ResultSet row) throws SQLException {
    return new Span(
        row.getLong(1),
        row.getLong(2),
        row.getBoolean(3),
        row.getInt(4),
        row.getLong(5),
        row.getLong(6));
  }

  private Extent extent(StreamKey key) throws SQLException {
    bind(selectExtent, key);
    try (ResultSet row = selectExtent.executeQuery()) {
      return row.next() ? new Extent(row.getLong(1), row.getLong(2)) : Extent.NONE;
    }
  }

  private List<Span> overlapping(StreamKey key, Span chunk) throws SQLException {
    bind(overlapping, key);
    overlapping.setLong(4, chunk.end());
    overlapping.setLong(5, chunk.start());
    try (ResultSet rows = overlapping.executeQuery()) {
      var spans = new ArrayList<Span>();
      while (rows.next()) {
        spans.add(span(rows));
      }
      return spans;
    }
  }

  private void insert(StreamKey key, Span span) throws SQLException {
    bind(insert, key);
    insert.setLong(4, span.start());
    insert.setLong(5, span.end());
    insert.setBoolean(6, span.cut());
    insert.setInt(7, span.partition());
    insert.setLong(8, span.position());
    insert.setLong(9, span.chunkStart());
    insert.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    overlapping.close();
    insert.close();
    selectExtent.close();
    upsertExtent.close();
  }
}
