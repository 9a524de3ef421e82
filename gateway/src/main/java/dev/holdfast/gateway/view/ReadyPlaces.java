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
 * Places in the ready queue of a pool: owners take turns by their share of running jobs for their
 * weight, an owner's jobs by rank. How many jobs wait is kept per owner and bucket of ranks, so
 * that a place costs the buckets before it, a part of one bucket and a look at each other owner,
 * not the whole queue.
 */
final class ReadyPlaces {
  static final String TABLE = "ready";
  static final String DDL =
      "CREATE TABLE ready (pool TEXT NOT NULL, owner TEXT NOT NULL, bucket INTEGER NOT NULL,"
          + " jobs INTEGER NOT NULL, PRIMARY KEY (pool, owner, bucket)) WITHOUT ROWID";

  /** About a minute of submissions of one priority. */
  private static final int BUCKET_BITS = 16;

  private final Map<Bucket, Integer> changes = new HashMap<>();

  private record Bucket(String pool, String owner, long number) {
    static Bucket of(JobView job) {
      return new Bucket(
          job.queueing().pool(), job.queueing().owner(), job.queueing().rank() >> BUCKET_BITS);
    }
  }

  /** An owner with jobs that wait in a pool. */
  private record Owner(String name, long waiting, long running, long weight) {}

  /** Notes that a job was in one state and is in another. */
  void moved(@Nullable JobState before, JobView job) {
    int change = (job.state() == JobState.QUEUED ? 1 : 0) - (before == JobState.QUEUED ? 1 : 0);
    if (change != 0) {
      changes.merge(Bucket.of(job), change, Integer::sum);
    }
  }

  /** Writes what was noted. */
  void store(Connection connection) throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO ready (pool, owner, bucket, jobs) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (pool, owner, bucket) DO UPDATE SET jobs = jobs + excluded.jobs")) {
      for (var change : changes.entrySet()) {
        upsert.setString(1, change.getKey().pool());
        upsert.setString(2, change.getKey().owner());
        upsert.setLong(3, change.getKey().number());
        upsert.setInt(4, change.getValue());
        upsert.executeUpdate();
      }
    }
    changes.clear();
    ViewConnections.run(connection, "DELETE FROM ready WHERE jobs = 0");
  }

  /** The job's place in its pool, from 1; null unless it is queued. */
  static @Nullable Integer of(Connection connection, JobView job) throws SQLException {
    if (job.state() != JobState.QUEUED) {
      return null;
    }
    long ahead = ownersJobsBefore(connection, job);
    Owner own = null;
    var others = new HashMap<String, Owner>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT owner, sum(jobs), (SELECT count(*) FROM job WHERE state = 'RUNNING'"
                + " AND job.owner = ready.owner), (SELECT weight FROM weight"
                + " WHERE weight.owner = ready.owner) FROM ready WHERE pool = ? GROUP BY owner")) {
      select.setString(1, job.queueing().pool());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          var owner =
              new Owner(
                  rows.getString(1),
                  rows.getLong(2),
                  rows.getLong(3),
                  Math.max(1, rows.getLong(4)));
          if (owner.name().equals(job.queueing().owner())) {
            own = owner;
          } else {
            others.put(owner.name(), owner);
          }
        }
      }
    }
    long place = ahead + 1;
    if (own != null) {
      for (Owner other : others.values()) {
        place += before(connection, job, own, ahead, other);
      }
    }
    return (int) place;
  }

  /**
   * How many of another owner's jobs get a slot before this one: those whose owner has a smaller
   * share of running jobs then, and at most one with the same share and a smaller rank.
   */
  private static long before(Connection connection, JobView job, Owner own, long ahead, Owner other)
      throws SQLException {
    long share = (own.running() + ahead) * other.weight();
    long smaller = Math.ceilDiv(share, own.weight()) - other.running();
    long sure = Math.clamp(smaller, 0, other.waiting());
    boolean tie = share % own.weight() == 0 && smaller >= 0 && smaller < other.waiting();
    return sure + (tie && precedes(connection, job, other.name(), smaller) ? 1 : 0);
  }

  /** Whether the other owner's job at an index is before this one by rank. */
  private static boolean precedes(Connection connection, JobView job, String owner, long index)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT rank, sequence FROM job WHERE state = 'QUEUED' AND pool = ? AND owner = ?"
                + " ORDER BY rank, sequence LIMIT 1 OFFSET ?")) {
      select.setString(1, job.queueing().pool());
      select.setString(2, owner);
      select.setLong(3, index);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return false;
        }
        int byRank = Long.compare(row.getLong(1), job.queueing().rank());
        return byRank != 0 ? byRank < 0 : row.getLong(2) < job.sequence();
      }
    }
  }

  private static long ownersJobsBefore(Connection connection, JobView job) throws SQLException {
    Bucket bucket = Bucket.of(job);
    try (PreparedStatement count =
        connection.prepareStatement(
            "SELECT (SELECT coalesce(sum(jobs), 0) FROM ready"
                + "    WHERE pool = ? AND owner = ? AND bucket < ?)"
                + " + (SELECT count(*) FROM job WHERE state = 'QUEUED' AND pool = ? AND owner = ?"
                + "    AND rank >= ? AND (rank < ? OR (rank = ? AND sequence < ?)))")) {
      count.setString(1, bucket.pool());
      count.setString(2, bucket.owner());
      count.setLong(3, bucket.number());
      count.setString(4, bucket.pool());
      count.setString(5, bucket.owner());
      count.setLong(6, bucket.number() << BUCKET_BITS);
      count.setLong(7, job.queueing().rank());
      count.setLong(8, job.queueing().rank());
      count.setLong(9, job.sequence());
      try (ResultSet row = count.executeQuery()) {
        return row.getLong(1);
      }
    }
  }
}
