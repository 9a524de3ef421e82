package dev.holdfast.gateway.view;

import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.LockWish;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Which living jobs hold, await or will ask for which locks. */
final class LockRows {
  static final String TABLE = "lock";
  static final List<String> DDL =
      List.of(
          """
          CREATE TABLE lock (job TEXT NOT NULL, name TEXT NOT NULL, permits INTEGER NOT NULL,
            stage TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (job, name)) WITHOUT ROWID\
          """,
          "CREATE INDEX lock_name ON lock (name, stage)");

  /** How far a job is with a lock. */
  enum Stage {
    /** It waits for something else first. */
    LATER,
    /** It waits for its locks. */
    AWAITED,
    /** It holds its locks. */
    HELD
  }

  private LockRows() {}

  static void apply(Connection connection, JobEvent event) throws SQLException {
    switch (event) {
      case JobEvent.Submitted submitted -> insert(connection, submitted);
      case JobEvent.Readied readied -> move(connection, readied.job(), Stage.AWAITED, readied.at());
      case JobEvent.Locked locked -> move(connection, locked.job(), Stage.HELD, locked.at());
      case JobEvent.Retried retried -> move(connection, retried.job(), Stage.LATER, retried.at());
      case JobEvent.Ended ended -> {
        try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM lock WHERE job = ?")) {
          delete.setString(1, ended.job().value());
          delete.executeUpdate();
        }
      }
      default -> {
        // Concerns no lock.
      }
    }
  }

  private static void insert(Connection connection, JobEvent.Submitted event) throws SQLException {
    List<LockWish> locks = event.spec().allLocks();
    if (locks.isEmpty()) {
      return;
    }
    boolean later = event.spec().schedulingOrNone().notBefore() != null;
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO lock (job, name, permits, stage, since)"
                + " VALUES (?, ?, ?, ?, ?)")) {
      for (LockWish lock : locks) {
        insert.setString(1, event.job().value());
        insert.setString(2, lock.name());
        insert.setInt(3, lock.permits());
        insert.setString(4, (later ? Stage.LATER : Stage.AWAITED).name());
        insert.setLong(5, event.at().toEpochMilli());
        insert.executeUpdate();
      }
    }
  }

  private static void move(Connection connection, JobId job, Stage stage, Instant at)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE lock SET stage = ?, since = ? WHERE job = ?")) {
      update.setString(1, stage.name());
      update.setLong(2, at.toEpochMilli());
      update.setString(3, job.value());
      update.executeUpdate();
    }
  }
}
