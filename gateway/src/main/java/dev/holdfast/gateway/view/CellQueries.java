package dev.holdfast.gateway.view;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.holdfast.gateway.view.LockView.Holder;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.codec.Json;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What can be asked of the view about the cell as a whole. Blocks. */
public final class CellQueries {
  private static final ObjectReader CONTROL = Json.lenientReaderFor(StandingControl.class);

  private final ViewFile file;

  CellQueries(ViewFile file) {
    this.file = file;
  }

  /** Controls that hold, by key. */
  public List<StandingControl> controls() {
    return file.read(connection -> {
      try (Statement select = connection.createStatement();
          ResultSet rows = select.executeQuery("SELECT body FROM control ORDER BY key")) {
        var controls = new ArrayList<StandingControl>();
        while (rows.next()) {
          controls.add(Json.read(CONTROL, rows.getBytes(1)));
        }
        return controls;
      }
    });
  }

  public Optional<StandingControl> control(String key) {
    return file.read(connection -> control(connection, key));
  }

  /** What was decided about the cell after a position, oldest first. */
  public List<LoggedCellEvent> events(long after, int limit) {
    return file.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT position, body FROM cell_event WHERE position > ?"
                  + " ORDER BY position LIMIT ?")) {
        select.setLong(1, after);
        select.setInt(2, limit);
        var events = new ArrayList<LoggedCellEvent>();
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            events.add(
                new LoggedCellEvent(rows.getLong(1), Serdes.CELL_EVENT.read(rows.getBytes(2))));
          }
        }
        return events;
      }
    });
  }

  /**
   * A decided fact about the cell.
   *
   * @param offset on the events topic
   */
  public record LoggedCellEvent(long offset, CellEvent event) {}

  /** Locks that somebody holds or waits for, by name; who waits, in the order of the grants. */
  public List<LockView> locks() {
    return file.read(connection -> {
      Map<String, List<Holder>> holders = new TreeMap<>();
      Map<String, List<Holder>> waiters = new TreeMap<>();
      try (Statement select = connection.createStatement();
          ResultSet rows =
              select.executeQuery(
                  "SELECT lock.name, lock.job, lock.permits, lock.stage, lock.since, job.view"
                      + " FROM lock JOIN job ON job.id = lock.job WHERE lock.stage <> 'LATER'"
                      + " ORDER BY lock.name, job.rank, job.sequence")) {
        while (rows.next()) {
          JobView job = JobRows.read(rows.getBytes(6));
          var holder =
              new Holder(
                  new JobId(rows.getString(2)),
                  job.state(),
                  rows.getInt(3),
                  Instant.ofEpochMilli(rows.getLong(5)),
                  job.newest()
                      .filter(attempt -> attempt.endedAt() == null)
                      .map(JobView.Attempt::token)
                      .orElse(null));
          boolean held = rows.getString(4).equals(LockRows.Stage.HELD.name());
          (held ? holders : waiters)
              .computeIfAbsent(rows.getString(1), name -> new ArrayList<>())
              .add(holder);
        }
      }
      var names = new TreeMap<>(holders);
      names.putAll(waiters);
      var locks = new ArrayList<LockView>();
      for (String name : names.keySet()) {
        locks.add(
            new LockView(
                name,
                permits(connection, name),
                holders.getOrDefault(name, List.of()),
                waiters.getOrDefault(name, List.of())));
      }
      return locks;
    });
  }

  static Optional<StandingControl> control(Connection connection, String key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT body FROM control WHERE key = ?")) {
      select.setString(1, key);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(Json.<StandingControl>read(CONTROL, row.getBytes(1)))
            : Optional.empty();
      }
    }
  }

  private static int permits(Connection connection, String lock) throws SQLException {
    return control(connection, new Control.Permits(lock, 1).key())
        .map(found -> ((Control.Permits) found.control()).permits())
        .orElse(1);
  }
}
