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

  private final MonitorStreams streams;
  private final ManagementServer management;

  private MonitorService(MonitorStreams streams, ManagementServer management) {
    this.streams = streams;
    this.management = management;
  }

  /** Waits for Kafka and starts to watch; ready when health says so. */
  public static MonitorService start(MonitorConfig config) throws InterruptedException {
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var health = new Health();
    var running = new AtomicReference<MonitorStreams>();
    health.readiness(
        "watch",
        () ->
            Optional.ofNullable(running.get())
                .map(MonitorStreams::problem)
                .orElse(Optional.of("waiting for Kafka at " + config.cell().bootstrap())));
    var management = ManagementServer.start(config.management(), health, metrics);
    Duration session;
    try (var admin = new KafkaClients(config.cell().bootstrap()).admin()) {
      CellTopics.ensure(admin, config.cell(), WAIT_FOR_KAFKA);
      session = GroupSession.shortest(admin);
    } catch (InterruptedException | RuntimeException e) {
      management.close();
      throw e;
    }
    var streams =
        MonitorStreams.start(config.cell(), config.stateDir(), config.standbys(), session, metrics);
    running.set(streams);
    return new MonitorService(streams, management);
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
    streams.close();
  }
}
