package dev.holdfast.monitor;

import dev.holdfast.monitor.stream.MonitorStreams;
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

/** The monitor, running. */
public final class MonitorService implements Service {
  /** A monitor may be started long before its broker. */
  private static final Duration WAIT_FOR_KAFKA = Duration.ofDays(1);

  private final MonitorConfig config;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicReference<MonitorStreams> running = new AtomicReference<>();
  private final ManagementServer management;

  private MonitorService(MonitorConfig config) {
    this.config = config;
    var health = new Health();
    health.readiness(
        "watch",
        () ->
            Optional.ofNullable(running.get())
                .map(MonitorStreams::problem)
                .orElse(Optional.of("waiting for Kafka at " + config.cell().bootstrap())));
    this.management = ManagementServer.start(config.management(), health, metrics);
  }

  /** Tells its health at once, which is bad until it is connected. */
  public static MonitorService open(MonitorConfig config) {
    return new MonitorService(config);
  }

  /** Waits for Kafka and starts to watch; ready when health says so. */
  public static MonitorService start(MonitorConfig config) throws InterruptedException {
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
        MonitorStreams.start(
            config.cell(), config.stateDir(), config.standbys(), session, metrics));
  }

  @Override
  public String name() {
    return "monitor";
  }

  @Override
  public Address management() {
    return management.address();
  }

  @Override
  public void close() {
    management.close();
    MonitorStreams streams = running.get();
    if (streams != null) {
      streams.close();
    }
  }
}
