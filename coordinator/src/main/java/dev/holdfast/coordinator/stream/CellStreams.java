package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.CellRules;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.runtime.streams.OpenTransactions;
import dev.holdfast.runtime.streams.StreamsKeeper;
import dev.holdfast.runtime.streams.StreamsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.StreamsConfig;

/** The cell's topology, running until it is closed. */
public final class CellStreams implements AutoCloseable {
  /** Under load; while records come one by one {@link CommitPace} asks for commits sooner. */
  private static final Duration COMMIT = Duration.ofMillis(50);

  private static final Duration POLL = Duration.ofMillis(2);

  private final Admin admin;
  private final StreamsKeeper keeper;

  private CellStreams(Admin admin, StreamsKeeper keeper) {
    this.admin = admin;
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
    Properties settings =
        StreamsSettings.of(cell, "coordinator", stateDir, standbys, session, COMMIT, POLL);
    Admin admin = new KafkaClients(cell.bootstrap()).admin();
    var dead =
        new OpenTransactions(admin, settings.getProperty(StreamsConfig.APPLICATION_ID_CONFIG));
    return new CellStreams(
        admin,
        StreamsKeeper.start(
            "coordinator",
            () -> CellTopology.build(cell.cell(), rules, Clock.systemUTC(), metrics),
            settings,
            dead));
  }

  /** Why the cell is not being decided on by this process; empty if it is. */
  public Optional<String> problem() {
    return keeper.problem();
  }

  @Override
  public void close() {
    keeper.close();
    admin.close();
  }
}
