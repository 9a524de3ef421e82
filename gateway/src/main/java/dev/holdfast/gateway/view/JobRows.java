package dev.holdfast.gateway.view;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.holdfast.schemas.codec.Json;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one batch of events changes. Each job that it touches is loaded once, folded in
 * memory and stored once.
 */
final class JobRows implements AutoCloseable {
  static final ViewSchema SCHEMA =
      new ViewSchema(
          5,
          Stream.of(
                  List.of("job", "spec", "label", "event", ReadyPlaces.TABLE, LockRows.TABLE),
                  CellRows.TABLES)
              .flatMap(List::stream)
              .toList(),
          Stream.of(
                  List.of(
                      """
                      CREATE TABLE job (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL,
                        pool TEXT NOT NULL, owner TEXT NOT NULL, rank INTEGER NOT NULL,
                        repository TEXT, state TEXT NOT NULL, worker TEXT, ended_at INTEGER,
                        view BLOB NOT NULL)\
                      """,
                      "CREATE INDEX job_sequence ON job (sequence)",
                      "CREATE INDEX job_state ON job (state, sequence)",
                      "CREATE INDEX job_ready ON job (pool, owner, rank, sequence)"
                          + " WHERE state = 'QUEUED'",
                      "CREATE INDEX job_held ON job (worker) WHERE state = 'RUNNING'",
                      "CREATE INDEX job_owned ON job (owner) WHERE state = 'RUNNING'",
                      "CREATE INDEX job_repository ON job (repository) WHERE state = 'RUNNING'",
                      "CREATE INDEX job_ended ON job (ended_at) WHERE ended_at IS NOT NULL",
                      ReadyPlaces.DDL,
                      "CREATE TABLE spec (job TEXT PRIMARY KEY, body BLOB NOT NULL)",
                      """
                      CREATE TABLE label (job TEXT NOT NULL, name TEXT NOT NULL,
                        value TEXT NOT NULL, PRIMARY KEY (job, name)) WITHOUT ROWID\
                      """,
                      "CREATE INDEX label_value ON label (name, value, job)",
                      """
                      CREATE TABLE event (position INTEGER PRIMARY KEY, job TEXT NOT NULL,
                        type TEXT NOT NULL, body BLOB NOT NULL, stray_at INTEGER)\
                      """,
                      "CREATE INDEX event_job ON event (job, position)",
                      "CREATE INDEX event_stray ON event (stray_at) WHERE stray_at IS NOT NULL"),
                  LockRows.DDL,
                  CellRows.DDL)
              .flatMap(List::stream)
              .toList());

  private static final ObjectReader READER = Json.lenientReaderFor(JobView.class);

  private final Connection connection;
  private final Map<JobId, Touched> touched = new HashMap<>();
  private final Map<JobId, String> repositories = new HashMap<>();
  private final ReadyPlaces places = new ReadyPlaces();
  private final PreparedStatement select;
  private final PreparedStatement insertEvent;

  /** A job that the batch changes; {@code before} is null if it is new. */
  private record Touched(@Nullable JobState before, JobView job) {}

  JobRows(Connection connection) throws SQLException {
    this.connection = connection;
    this.select = connection.prepareStatement("SELECT view FROM job WHERE id = ?");
    this.insertEvent =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO event (position, job, type, body, stray_at)"
                + " VALUES (?, ?, ?, ?, ?)");
  }

  /** An event that is there already has been folded already: nothing happens twice. */
  void apply(LoggedEvent logged, byte[] body) throws SQLException {
    JobEvent event = logged.event();
    Optional<Touched> found = find(event.job());
    boolean stray = found.isEmpty() && !(event instanceof JobEvent.Submitted);
    if (!insert(logged, body, stray)) {
      return;
    }
    if (found.isPresent()) {
      Touched was = found.get();
      touched.put(event.job(), new Touched(was.before(), JobFold.evolve(was.job(), event)));
    } else if (event instanceof JobEvent.Submitted submitted) {
      insertSpec(submitted);
      touched.put(event.job(), new Touched(null, JobFold.submitted(submitted)));
    }
    Touched now = touched.get(event.job());
    if (now != null && !now.job().queueing().locks().isEmpty()) {
      LockRows.apply(connection, event);
    }
  }

  /**
   * Inserts an event; false if it is there already.
   *
   * @param stray whether its id is no job's: it was refused, and nothing else will ever purge it
   */
  private boolean insert(LoggedEvent logged, byte[] body, boolean stray) throws SQLException {
    JobEvent event = logged.event();
    insertEvent.setLong(1, logged.offset());
    insertEvent.setString(2, event.job().value());
    insertEvent.setString(3, event.getClass().getSimpleName());
    insertEvent.setBytes(4, body);
    if (stray) {
      insertEvent.setLong(5, event.at().toEpochMilli());
    } else {
      insertEvent.setNull(5, Types.INTEGER);
    }
    return insertEvent.executeUpdate() > 0;
  }

  /** Writes what the batch changed. */
  void store() throws SQLException {
    try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO job (state, worker, ended_at, view, id, sequence, pool, owner, rank,"
                    + " repository) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE job SET state = ?, worker = ?, ended_at = ?, view = ? WHERE id = ?")) {
      for (Touched one : touched.values()) {
        PreparedStatement statement = one.before() == null ? insert : update;
        bind(statement, one.job());
        if (one.before() == null) {
          insert.setLong(6, one.job().sequence());
          insert.setString(7, one.job().queueing().pool());
          insert.setString(8, one.job().queueing().owner());
          insert.setLong(9, one.job().queueing().rank());
          insert.setString(10, repositories.get(one.job().id()));
        }
        statement.executeUpdate();
        places.moved(one.before(), one.job());
      }
    }
    places.store(connection);
    touched.clear();
    repositories.clear();
  }

  private static void bind(PreparedStatement statement, JobView job) throws SQLException {
    statement.setString(1, job.state().name());
    statement.setString(2, holder(job));
    JobView.End end = job.end();
    if (end == null) {
      statement.setNull(3, Types.INTEGER);
    } else {
      statement.setLong(3, end.at().toEpochMilli());
    }
    statement.setBytes(4, Json.bytes(job));
    statement.setString(5, job.id().value());
  }

  /**
   * Forgets some of the jobs that ended before an instant, and some of what was refused before it
   * under ids that are no job's.
   *
   * @return whether there may be more of them
   */
  boolean purge(Instant before, int most) throws SQLException {
    String old =
        "(SELECT id FROM job WHERE ended_at < " + before.toEpochMilli() + " LIMIT " + most + ")";
    for (String table : List.of("spec", "label", "event")) {
      ViewConnections.run(connection, "DELETE FROM " + table + " WHERE job IN " + old);
    }
    try (Statement statement = connection.createStatement()) {
      int jobs = statement.executeUpdate("DELETE FROM job WHERE id IN " + old);
      int strays =
          statement.executeUpdate(
              "DELETE FROM event WHERE position IN (SELECT position FROM event WHERE stray_at < "
                  + before.toEpochMilli()
                  + " LIMIT "
                  + most
                  + ")");
      return jobs == most || strays == most;
    }
  }

  static JobView read(byte[] view) {
    return Json.read(READER, view);
  }

  private static @Nullable String holder(JobView job) {
    return job.state() == JobState.RUNNING
        ? job.newest().map(attempt -> attempt.worker().value()).orElse(null)
        : null;
  }

  private Optional<Touched> find(JobId id) throws SQLException {
    Touched known = touched.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    select.setString(1, id.value());
    try (ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      JobView job = read(row.getBytes(1));
      return Optional.of(new Touched(job.state(), job));
    }
  }

  private void insertSpec(JobEvent.Submitted event) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO spec (job, body) VALUES (?, ?)")) {
      insert.setString(1, event.job().value());
      insert.setBytes(2, Serdes.SPEC.write(event.spec()));
      insert.executeUpdate();
    }
    if (event.spec().repository() != null) {
      repositories.put(event.job(), event.spec().repository().url());
    }
    if (event.spec().labels().isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO label (job, name, value) VALUES (?, ?, ?)")) {
      for (var label : event.spec().labels().entrySet()) {
        insert.setString(1, event.job().value());
        insert.setString(2, label.getKey());
        insert.setString(3, label.getValue());
        insert.executeUpdate();
      }
    }
  }

  @Override
  public void close() throws SQLException {
    select.close();
    insertEvent.close();
  }
}
