package dev.holdfast.coordinator;

import dev.holdfast.coordinator.stream.CellStreams;
import dev.holdfast.runtime.Service;
import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.health.Health;
import dev.holdfast.runtime.health.ManagementServer;
import dev.holdfast.runtime.kafka.CellTopics;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.runtime.streams.GroupSession;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The coordinator, running. */
public final class CoordinatorService implements Service {
  /** A coordinator may be started long before its broker. */
  private static final Duration WAIT_FOR_KAFKA = Duration.ofDays(1);

  private final CoordinatorConfig config;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicReference<CellStreams> running = new AtomicReference<>();
  private final ManagementServer management;

  private CoordinatorService(CoordinatorConfig config) {
    this.config = config;
    var health = new Health();
    health.readiness(
        "cell",
        () ->
            Optional.ofNullable(running.get())
                .map(CellStreams::problem)
                .orElse(Optional.of("waiting for Kafka at " + config.cell().bootstrap())));
    this.management = ManagementServer.start(config.management(), health, metrics);
  }

  /** Tells its health at once, which is bad until it is connected. */
  public static CoordinatorService open(CoordinatorConfig config) {
    return new CoordinatorService(config);
  }

  /** Waits for Kafka and starts to take over the cell; ready when health says so. */
  public static CoordinatorService start(CoordinatorConfig config) throws InterruptedException {
    var service = open(config);
    service.connect();
    return service;
  }

  @Override
  public void connect() throws InterruptedException {
    Duration session;
    try (var admin = new KafkaClients(config.cell().bootstrap()).admin()) {
      CellTopics.ensure(admin, config.cell(), WAIT_FOR_KAFKA);
      session = GroupSession.shortest(admin);
    }
    running.set(
        CellStreams.start(
            config.cell(), config.rules(), config.stateDir(), config.standbys(), session, metrics));
  }

  @Override
  public String name() {
    return "coordinator";
  }

  @Override
  public Address management() {
    return management.address();
  }

  @Override
  public void close() {
    management.close();
    CellStreams streams = running.get();
    if (streams != null) {
      streams.close();
    }
  }
}
