package dev.holdfast.standalone.up;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.coordinator.CoordinatorConfig;
import dev.holdfast.coordinator.CoordinatorService;
import dev.holdfast.gateway.GatewayConfig;
import dev.holdfast.gateway.GatewayService;
import dev.holdfast.monitor.MonitorConfig;
import dev.holdfast.monitor.MonitorService;
import dev.holdfast.runtime.config.Setting;
import dev.holdfast.runtime.config.Settings;
import dev.holdfast.runtime.file.Tree;
import dev.holdfast.standalone.broker.BrokerConfig;
import dev.holdfast.standalone.broker.EmbeddedBroker;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.worker.WorkerConfig;
import dev.holdfast.worker.WorkerService;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A short life of a whole system in one JVM, for {@link StartUpCache} to learn from: every role
 * starts, one job runs to its end, everything stops. Works in a directory of its own.
 */
final class SystemTraining {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private SystemTraining() {}

  /** Argument: the scratch directory. */
  public static void main(String[] args) throws Exception {
    Path scratch = Path.of(args[0]);
    Tree.delete(scratch); // of a training that was killed
    try {
      live(scratch);
    } finally {
      Tree.delete(scratch);
    }
    System.exit(0);
  }

  private static void live(Path scratch) throws Exception {
    int http = anyPort();
    var broker = BrokerConfig.in(scratch.resolve("broker")).withPort(anyPort());
    try (EmbeddedBroker running = EmbeddedBroker.start(broker)) {
      Settings settings =
          Settings.of(
              Map.of(
                  Setting.BOOTSTRAP.key(),
                  running.bootstrapServers(),
                  Setting.DATA.key(),
                  scratch.resolve("data").toString(),
                  Setting.HTTP.key(),
                  "127.0.0.1:" + http,
                  Setting.DRAIN.key(),
                  "1s"));
      try (var coordinator = CoordinatorService.start(CoordinatorConfig.from(settings));
          var monitor = MonitorService.start(MonitorConfig.from(settings));
          var gateway =
              GatewayService.start(
                  GatewayConfig.from(settings),
                  new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
          var worker = WorkerService.start(WorkerConfig.from(settings, System.getenv()))) {
        runJob(new Api(URI.create("http://127.0.0.1:" + http)));
      }
    }
  }

  private static void runJob(Api api) throws Exception {
    long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
    String job =
        api.post("/v1/jobs", Map.of(), new ObjectMapper().readTree("{\"command\": [\"true\"]}"))
            .path("id")
            .asText();
    while (!api.get("/v1/jobs/" + job).path("state").asText().equals("SUCCEEDED")) {
      if (System.nanoTime() > giveUpAt) {
        throw new IllegalStateException("the job did not end within " + PATIENCE);
      }
      Thread.sleep(100);
    }
    api.get("/v1/workers");
    api.get("/v1/jobs/" + job + "/events");
  }

  private static int anyPort() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
