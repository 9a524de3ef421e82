package dev.holdfast.gateway.view;

import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.JobState;
import dev.holdfast.schemas.worker.WorkerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be asked of the view of jobs. Blocks, so never called on an event loop. */
public final class JobQueries {
  /** A page of jobs with very large specs is cut short rather than held in memory whole. */
  private static final int MOST_PAGE_BYTES = 4 * 1024 * 1024;

  private static final String DETAIL =
      "SELECT job.view, spec.body FROM job JOIN spec ON spec.job = job.id WHERE ";

  private final ViewFile file;

  JobQueries(ViewFile file) {
    this.file = file;
  }

  public Optional<JobDetail> find(JobId id) {
    return file.read(connection -> {
      try (PreparedStatement select = connection.prepareStatement(DETAIL + "job.id = ?")) {
        select.setString(1, id.value());
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? Optional.of(detail(connection, row)) : Optional.empty();
        }
      }
    });
  }

  public JobPage list(JobFilter filter, int limit) {
    return file.read(connection -> page(connection, filter, limit));
  }

  /** Events of one job after an offset, oldest first. */
  public List<LoggedEvent> events(JobId id, long after, int limit) {
    return file.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT position, body FROM event WHERE job = ? AND position > ?"
                  + " ORDER BY position LIMIT ?")) {
        select.setString(1, id.value());
        select.setLong(2, after);
        select.setInt(3, limit);
        var events = new ArrayList<LoggedEvent>();
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            events.add(new LoggedEvent(rows.getLong(1), Serdes.EVENT.read(rows.getBytes(2))));
          }
        }
        return events;
      }
    });
  }

  /** Why the newest submission under this id was refused, if one was. */
  public Optional<JobEvent.CommandRejected> refusal(JobId id) {
    return file.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT body FROM event WHERE job = ? AND type = 'CommandRejected'"
                  + " ORDER BY position DESC LIMIT 20")) {
        select.setString(1, id.value());
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            if (Serdes.EVENT.read(rows.getBytes(1)) instanceof JobEvent.CommandRejected rejected
                && rejected.command().equals("submit")) {
              return Optional.of(rejected);
            }
          }
          return Optional.empty();
        }
      }
    });
  }

  /** How many jobs each worker holds. */
  public Map<WorkerId, Integer> held() {
    return file.read(connection -> {
      try (Statement select = connection.createStatement();
          ResultSet rows =
              select.executeQuery(
                  "SELECT worker, count(*) FROM job WHERE state = 'RUNNING' GROUP BY worker")) {
        var held = new HashMap<WorkerId, Integer>();
        while (rows.next()) {
          held.put(new WorkerId(rows.getString(1)), rows.getInt(2));
        }
        return held;
      }
    });
  }

  private static JobPage page(Connection connection, JobFilter filter, int limit)
      throws SQLException {
    var arguments = new ArrayList<String>();
    var where = new StringBuilder("job.sequence < " + filter.before());
    if (!filter.states().isEmpty()) {
      where.append(
          filter.states().stream()
              .map(state -> "'" + state.name() + "'")
              .collect(Collectors.joining(", ", " AND job.state IN (", ")")));
    }
    for (var label : filter.labels().entrySet()) {
      where.append(
          " AND EXISTS (SELECT 1 FROM label WHERE label.job = job.id AND name = ? AND value = ?)");
      arguments.add(label.getKey());
      arguments.add(label.getValue());
    }
    String sql = DETAIL + where + " ORDER BY job.sequence DESC LIMIT " + (limit + 1);
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.size(); i++) {
        select.setString(i + 1, arguments.get(i));
      }
      try (ResultSet rows = select.executeQuery()) {
        return page(connection, rows, limit);
      }
    }
  }

  private static JobPage page(Connection connection, ResultSet rows, int limit)
      throws SQLException {
    var jobs = new ArrayList<JobDetail>();
    int bytes = 0;
    while (rows.next()) {
      if (jobs.size() == limit || bytes > MOST_PAGE_BYTES) {
        return new JobPage(jobs, true);
      }
      bytes += rows.getBytes(2).length;
      jobs.add(detail(connection, rows));
    }
    return new JobPage(jobs, false);
  }

  private static JobDetail detail(Connection connection, ResultSet row) throws SQLException {
    JobView job = JobRows.read(row.getBytes(1));
    JobSpec spec = Serdes.SPEC.read(row.getBytes(2));
    return new JobDetail(
        job,
        spec,
        ReadyPlaces.of(connection, job),
        job.state() == JobState.QUEUED ? Holdback.of(connection, job, spec).orElse(null) : null);
  }
}
