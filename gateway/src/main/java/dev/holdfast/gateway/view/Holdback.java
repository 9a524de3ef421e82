package dev.holdfast.gateway.view;

import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.cell.Control.LimitScope;
import dev.holdfast.schemas.cell.Control.PauseScope;
import dev.holdfast.schemas.job.JobSpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a queued job would get no slot now, whatever is free: a pause, or a limit that is reached.
 */
final class Holdback {
  private Holdback() {}

  static Optional<String> of(Connection connection, JobView job, JobSpec spec) throws SQLException {
    Optional<String> paused = paused(connection, PauseScope.POOL, job.queueing().pool());
    if (paused.isEmpty()) {
      paused = paused(connection, PauseScope.OWNER, job.queueing().owner());
    }
    if (paused.isEmpty() && spec.quota() != null) {
      paused = paused(connection, PauseScope.ACCOUNT, spec.quota().account());
    }
    return paused.isPresent() ? paused : limited(connection, job, spec);
  }

  private static Optional<String> paused(Connection connection, PauseScope scope, String name)
      throws SQLException {
    Optional<StandingControl> found =
        CellQueries.control(connection, Control.Pause.keyOf(scope, name));
    return found.map(standing -> {
      String what = scope.name().toLowerCase(Locale.ROOT) + " " + name + " is paused";
      var until = ((Control.Pause) standing.control()).until();
      String why = standing.cause().why().isEmpty() ? "" : ": " + standing.cause().why();
      return what + (until == null ? "" : " until " + until) + " by " + standing.cause().by() + why;
    });
  }

  private static Optional<String> limited(Connection connection, JobView job, JobSpec spec)
      throws SQLException {
    Optional<String> reached =
        limited(
            connection,
            LimitScope.OWNER,
            job.queueing().owner(),
            "SELECT count(*) FROM job WHERE state = 'RUNNING' AND owner = ?",
            job.queueing().owner());
    if (reached.isEmpty() && spec.repository() != null) {
      reached =
          limited(
              connection,
              LimitScope.REPOSITORY,
              spec.repository().url(),
              "SELECT count(*) FROM job WHERE state = 'RUNNING' AND repository = ?",
              spec.repository().url());
    }
    for (var label : spec.labels().entrySet()) {
      if (reached.isEmpty()) {
        reached =
            limited(
                connection,
                LimitScope.LABEL,
                label.getKey() + "=" + label.getValue(),
                "SELECT count(*) FROM label JOIN job ON job.id = label.job"
                    + " WHERE job.state = 'RUNNING' AND label.name = ? AND label.value = ?",
                label.getKey(),
                label.getValue());
      }
    }
    return reached;
  }

  private static Optional<String> limited(
      Connection connection, LimitScope scope, String name, String count, String... arguments)
      throws SQLException {
    Optional<StandingControl> found =
        CellQueries.control(connection, Control.Limit.keyOf(scope, name));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int most = ((Control.Limit) found.get().control()).running();
    try (PreparedStatement select = connection.prepareStatement(count)) {
      for (int i = 0; i < arguments.length; i++) {
        select.setString(i + 1, arguments[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        int running = row.getInt(1);
        return running < most
            ? Optional.empty()
            : Optional.of(
                scope.name().toLowerCase(Locale.ROOT)
                    + " "
                    + name
                    + " has "
                    + running
                    + " jobs running and a limit of "
                    + most);
      }
    }
  }
}
