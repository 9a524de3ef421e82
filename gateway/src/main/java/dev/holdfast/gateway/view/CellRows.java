package dev.holdfast.gateway.view;

import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.codec.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** What operators have decided: the controls that hold, and the history of all that was asked. */
final class CellRows {
  static final List<String> TABLES = List.of("control", "weight", "cell_event");
  static final List<String> DDL =
      List.of(
          "CREATE TABLE control (key TEXT PRIMARY KEY, body BLOB NOT NULL)",
          "CREATE TABLE weight (owner TEXT PRIMARY KEY, weight INTEGER NOT NULL)",
          """
          CREATE TABLE cell_event (position INTEGER PRIMARY KEY, subject TEXT NOT NULL,
            at INTEGER NOT NULL, body BLOB NOT NULL)\
          """);

  private CellRows() {}

  /** An event that is there already has been folded already: nothing happens twice. */
  static void apply(Connection connection, long position, CellEvent event, byte[] body)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO cell_event (position, subject, at, body)"
                + " VALUES (?, ?, ?, ?)")) {
      insert.setLong(1, position);
      insert.setString(2, event.subject());
      insert.setLong(3, event.at().toEpochMilli());
      insert.setBytes(4, body);
      if (insert.executeUpdate() == 0) {
        return;
      }
    }
    switch (event) {
      case CellEvent.ControlSet set -> put(connection, set);
      case CellEvent.ControlRemoved removed -> remove(connection, removed.control());
      case CellEvent.LockReleased released -> {}
      case CellEvent.CellCommandRejected rejected -> {}
    }
  }

  /** Forgets what was asked before an instant; what holds stays. */
  static void purge(Connection connection, Instant before) throws SQLException {
    ViewConnections.run(connection, "DELETE FROM cell_event WHERE at < " + before.toEpochMilli());
  }

  private static void put(Connection connection, CellEvent.ControlSet event) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT OR REPLACE INTO control (key, body) VALUES (?, ?)")) {
      insert.setString(1, event.subject());
      insert.setBytes(
          2, Json.bytes(new StandingControl(event.control(), event.cause(), event.at())));
      insert.executeUpdate();
    }
    if (event.control() instanceof Control.Weight weight) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT OR REPLACE INTO weight (owner, weight) VALUES (?, ?)")) {
        insert.setString(1, weight.owner());
        insert.setInt(2, weight.weight());
        insert.executeUpdate();
      }
    }
  }

  private static void remove(Connection connection, String key) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM control WHERE key = ?")) {
      delete.setString(1, key);
      delete.executeUpdate();
    }
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM weight WHERE 'weight/owner/' || owner = ?")) {
      delete.setString(1, key);
      delete.executeUpdate();
    }
  }
}
