package dev.holdfast.gateway.view;

import dev.holdfast.gateway.log.LogIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where in which log a view stands, stored with what it holds. */
public final class Checkpoint {
  private Checkpoint() {}

  /** Makes the tables of an empty file; refuses a file of another version. */
  static void prepare(Connection connection, ViewSchema schema) throws SQLException {
    int version = version(connection);
    if (version == schema.version()) {
      return;
    }
    if (version != 0) {
      throw new SQLException("expected schema version " + schema.version() + ", found " + version);
    }
    ViewConnections.run(
        connection, "CREATE TABLE log (cluster TEXT NOT NULL, topic TEXT NOT NULL)");
    ViewConnections.run(
        connection, "CREATE TABLE position (partition INTEGER PRIMARY KEY, next INTEGER NOT NULL)");
    for (String statement : schema.ddl()) {
      ViewConnections.run(connection, statement);
    }
    ViewConnections.run(connection, "PRAGMA user_version = " + schema.version());
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  static Optional<LogIdentity> identity(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT cluster, topic FROM log")) {
      return row.next()
          ? Optional.of(new LogIdentity(row.getString(1), row.getString(2)))
          : Optional.empty();
    }
  }

  static void reset(Connection connection, LogIdentity identity) throws SQLException {
    ViewConnections.run(connection, "DELETE FROM log");
    ViewConnections.run(connection, "DELETE FROM position");
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO log (cluster, topic) VALUES (?, ?)")) {
      insert.setString(1, identity.cluster());
      insert.setString(2, identity.topic());
      insert.executeUpdate();
    }
  }

  static Map<Integer, Long> positions(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT partition, next FROM position")) {
      var positions = new HashMap<Integer, Long>();
      while (rows.next()) {
        positions.put(rows.getInt(1), rows.getLong(2));
      }
      return positions;
    }
  }

  /** Moves on, in the transaction that stores what the records did. */
  public static void move(Connection connection, Map<Integer, Long> next) throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO position (partition, next) VALUES (?, ?)"
                + " ON CONFLICT (partition) DO UPDATE SET next = excluded.next")) {
      for (var entry : next.entrySet()) {
        upsert.setInt(1, entry.getKey());
        upsert.setLong(2, entry.getValue());
        upsert.executeUpdate();
      }
    }
  }
}
