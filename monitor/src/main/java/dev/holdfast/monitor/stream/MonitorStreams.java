package dev.holdfast.monitor.stream;

import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.streams.StreamsKeeper;
import dev.holdfast.runtime.streams.StreamsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/** The monitor's topology, running until it is closed. */
public final class MonitorStreams implements AutoCloseable {
  private static final Duration MOST_COMMIT = Duration.ofMillis(100);
  private static final int TICKS_MISSED = 5;
  private static final Duration TICKS_MISSED_AT_LEAST = Duration.ofSeconds(5);

  private final Duration tick;
  private final MonitorFigures figures;
  private final StreamsKeeper keeper;

  private MonitorStreams(Duration tick, MonitorFigures figures, StreamsKeeper keeper) {
    this.tick = tick;
    this.figures = figures;
    this.keeper = keeper;
  }

  /** Begins to watch a cell whose topics exist, and goes on through outages of any length. */
  public static MonitorStreams start(
      CellConfig cell, Path stateDir, int standbys, Duration session, MeterRegistry metrics) {
    var figures = new MonitorFigures(metrics);
    var keeper =
        StreamsKeeper.start(
            "monitor",
            () -> MonitorTopology.build(cell.cell(), cell.tick(), System::nanoTime, figures),
            settings(cell, stateDir, standbys, session));
    return new MonitorStreams(cell.tick(), figures, keeper);
  }

  /** Why this process does not watch what it should; empty if it does. */
  public Optional<String> problem() {
    Duration missed = tick.multipliedBy(TICKS_MISSED);
    return keeper
        .problem()
        .or(() ->
            figures.stoppedClock(
                missed.compareTo(TICKS_MISSED_AT_LEAST) > 0 ? missed : TICKS_MISSED_AT_LEAST,
                System.nanoTime()));
  }

  /** Hands the partitions over and ends. */
  @Override
  public void close() {
    keeper.close();
  }

  /** A tick is read back only after a commit, and looked for only between two polls. */
  static Properties settings(CellConfig cell, Path stateDir, int standbys, Duration session) {
    Duration half = cell.tick().dividedBy(2);
    return StreamsSettings.of(
        cell,
        "monitor",
        stateDir,
        standbys,
        session,
        half.compareTo(MOST_COMMIT) < 0 ? half : MOST_COMMIT,
        Duration.ofMillis(Math.clamp(cell.tick().toMillis() / 50, 5, 100)));
  }
}
