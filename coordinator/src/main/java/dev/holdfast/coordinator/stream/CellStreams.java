package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.CellRules;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.streams.StreamsKeeper;
import dev.holdfast.runtime.streams.StreamsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The cell's topology, running until it is closed. */
public final class CellStreams implements AutoCloseable {
  /** Under load; while records come one by one {@link CommitPace} asks for commits sooner. */
  private static final Duration COMMIT = Duration.ofMillis(50);

  private static final Duration POLL = Duration.ofMillis(2);

  private final StreamsKeeper keeper;

  private CellStreams(StreamsKeeper keeper) {
    this.keeper = keeper;
  }

  /** Begins to decide on a cell whose topics exist, and goes on through outages of any length. */
  public static CellStreams start(
      CellConfig cell,
      CellRules rules,
      Path stateDir,
      int standbys,
      Duration session,
      MeterRegistry registry) {
    var metrics = new CellMetrics(registry);
    return new CellStreams(
        StreamsKeeper.start(
            "coordinator",
            () -> CellTopology.build(cell.cell(), rules, Clock.systemUTC(), metrics),
            StreamsSettings.of(cell, "coordinator", stateDir, standbys, session, COMMIT, POLL)));
  }

  /** Why the cell is not being decided on by this process; empty if it is. */
  public Optional<String> problem() {
    return keeper.problem();
  }

  @Override
  public void close() {
    keeper.close();
  }
}
