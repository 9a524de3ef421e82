package dev.holdfast.runtime.config;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.lease.Liveness;
import java.time.Duration;
import java.util.Optional;

/**
 * What all processes of a cell agree on.
 *
 * @param replication how many brokers hold each record; as the cluster has it by default if empty
 * @param liveness of jobs that do not ask for their own; it also sets the cell's tick
 */
public record CellConfig(
    String cell, String bootstrap, Optional<Integer> replication, Liveness liveness) {
  private static final int MOST_REPLICATION = 100;

  /** Replicated as the cluster does by default. */
  public CellConfig(String cell, String bootstrap, Liveness liveness) {
    this(cell, bootstrap, Optional.empty(), liveness);
  }

  public static CellConfig from(Settings settings) {
    String cell = settings.text(Setting.CELL);
    if (!cell.matches("[a-z0-9][a-z0-9-]{0,39}")) {
      settings.problem(Setting.CELL, "must be 1 to 40 of a-z, 0-9 and '-', not '" + cell + "'");
    }
    Optional<Integer> replication =
        Optional.of(settings.integer(Setting.REPLICATION, 0, MOST_REPLICATION))
            .filter(copies -> copies > 0);
    return new CellConfig(cell, settings.text(Setting.BOOTSTRAP), replication, liveness(settings));
  }

  /** Interval of the monitor's ticks and of presence. */
  public Duration tick() {
    return liveness.tick();
  }

  /**
   * How many brokers must have a record before it counts as written: all that remain when one is
   * away.
   */
  public Optional<Integer> minInSync() {
    return replication.map(copies -> Math.max(1, copies - 1));
  }

  private static Liveness liveness(Settings settings) {
    Duration heartbeat = settings.duration(Setting.HEARTBEAT);
    Duration staleAfter = settings.duration(Setting.STALE_AFTER);
    try {
      var liveness = new Liveness(heartbeat, staleAfter);
      return liveness.checkedAgainst(liveness.tick());
    } catch (InvalidField e) {
      settings.problem(
          e.field().equals("heartbeat") ? Setting.HEARTBEAT : Setting.STALE_AFTER, e.problem());
      return Liveness.DEFAULT;
    }
  }
}
