package dev.holdfast.gateway.view;

import dev.holdfast.schemas.job.JobState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Places in the ready queue: by priority, then in the order of submission. How many jobs wait is
 * kept per priority and bucket of sequences, so that a place costs the buckets before it and a part
 * of one bucket, not the whole queue.
 */
final class ReadyPlaces {
  static final String TABLE = "ready";
  static final String DDL =
      "CREATE TABLE ready (priority INTEGER NOT NULL, bucket INTEGER NOT NULL,"
          + " jobs INTEGER NOT NULL, PRIMARY KEY (priority, bucket)) WITHOUT ROWID";

  private static final int BUCKET_BITS = 8;

  private final Map<Place, Integer> changes = new HashMap<>();

  private record Place(int priority, long bucket) {
    static Place of(JobView job) {
      return new Place(job.priority(), job.sequence() >> BUCKET_BITS);
    }
  }

  /** Notes that a job was in one state and is in another. */
  void moved(@Nullable JobState before, JobView job) {
    int change = (job.state() == JobState.QUEUED ? 1 : 0) - (before == JobState.QUEUED ? 1 : 0);
    if (change != 0) {
      changes.merge(Place.of(job), change, Integer::sum);
    }
  }

  /** Writes what was noted. */
  void store(Connection connection) throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO ready (priority, bucket, jobs) VALUES (?, ?, ?)"
                + " ON CONFLICT (priority, bucket) DO UPDATE SET jobs = jobs + excluded.jobs")) {
      for (var change : changes.entrySet()) {
        upsert.setInt(1, change.getKey().priority());
        upsert.setLong(2, change.getKey().bucket());
        upsert.setInt(3, change.getValue());
        upsert.executeUpdate();
      }
    }
    changes.clear();
    ViewConnections.run(connection, "DELETE FROM ready WHERE jobs = 0");
  }

  /** The job's place, from 1; null unless it is queued. */
  static @Nullable Integer of(Connection connection, JobView job) throws SQLException {
    if (job.state() != JobState.QUEUED) {
      return null;
    }
    Place place = Place.of(job);
    try (PreparedStatement count =
        connection.prepareStatement(
            "SELECT 1 + (SELECT coalesce(sum(jobs), 0) FROM ready WHERE priority > ?)"
                + " + (SELECT coalesce(sum(jobs), 0) FROM ready"
                + "    WHERE priority = ? AND bucket < ?)"
                + " + (SELECT count(*) FROM job WHERE state = 'QUEUED' AND priority = ?"
                + "    AND sequence >= ? AND sequence < ?)")) {
      count.setInt(1, place.priority());
      count.setInt(2, place.priority());
      count.setLong(3, place.bucket());
      count.setInt(4, place.priority());
      count.setLong(5, place.bucket() << BUCKET_BITS);
      count.setLong(6, job.sequence());
      try (ResultSet row = count.executeQuery()) {
        return row.getInt(1);
      }
    }
  }
}
