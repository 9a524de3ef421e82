package dev.holdfast.drill.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.coordinator.CoordinatorConfig;
import dev.holdfast.coordinator.CoordinatorService;
import dev.holdfast.gateway.GatewayConfig;
import dev.holdfast.gateway.GatewayService;
import dev.holdfast.monitor.MonitorConfig;
import dev.holdfast.monitor.MonitorService;
import dev.holdfast.runtime.Service;
import dev.holdfast.runtime.config.Settings;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.worker.WorkerConfig;
import dev.holdfast.worker.WorkerService;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** All four services over one broker, of any kind. */
@ExtendWith(SharedBroker.class)
class ServicesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir Path data;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  @AfterEach
  void stop() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }

  @Test
  void finishWhatTheyAcceptedThoughTheCoordinatorIsReplaced(TestBroker broker) throws Exception {
    var monitor = started(MonitorService.start(MonitorConfig.from(settings(broker, "monitor"))));
    var gateway =
        started(
            GatewayService.start(
                GatewayConfig.from(settings(broker, "gateway")),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
    var worker = started(WorkerService.start(WorkerConfig.from(settings(broker, "worker"))));
    var api = new Api(URI.create("http://" + gateway.management()));
    String first;
    String second;
    try (var coordinator = coordinator(broker, "coordinator-1")) {
      first = submit(api, "first", "echo begun; sleep 3; echo ended");
      awaitJob(api, first, "phase", "running");
      assertThat(coordinator.name()).isEqualTo("coordinator");
    }
    second = submit(api, "second", "echo \"attempt $HOLDFAST_ATTEMPT\"");
    var successor = started(coordinator(broker, "coordinator-2"));

    awaitJob(api, first, "state", "SUCCEEDED");
    awaitJob(api, second, "state", "SUCCEEDED");

    assertThat(stdout(api, first)).isEqualTo("begun\nended\n");
    assertThat(stdout(api, second)).isEqualTo("attempt 1\n");
    for (String id : new String[] {first, second}) {
      JsonNode events = api.get("/v1/jobs/" + id + "/events").path("events");
      assertThat(StreamSupport.stream(events.spliterator(), false))
          .filteredOn(event -> event.path("event").path("type").asText().equals("ended"))
          .hasSize(1);
    }
    for (Service service : List.of(gateway, successor, monitor, worker)) {
      answersForItself(service);
    }
  }

  /** As a supervisor and Prometheus ask it. */
  private static void answersForItself(Service service) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      for (String path : new String[] {"/health/live", "/health/ready", "/metrics"}) {
        URI uri = URI.create("http://" + service.management() + path);
        HttpResponse<String> answer =
            client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).as("%s %s", service.name(), answer.body()).isEqualTo(200);
        assertThat(answer.body())
            .as(service.name())
            .contains(path.equals("/metrics") ? "# TYPE holdfast_" : "\"status\":\"up\"");
      }
    }
  }

  private CoordinatorService coordinator(TestBroker broker, String name)
      throws InterruptedException {
    return CoordinatorService.start(CoordinatorConfig.from(settings(broker, name)));
  }

  private <T extends AutoCloseable> T started(T service) {
    running.push(service);
    return service;
  }

  private Settings settings(TestBroker broker, String name) {
    return Settings.of(
        Map.of(
            "HOLDFAST_CELL", "services",
            "HOLDFAST_BOOTSTRAP", broker.bootstrap(),
            "HOLDFAST_DATA", data.resolve(name).toString(),
            "HOLDFAST_HTTP", "127.0.0.1:0",
            "HOLDFAST_DRAIN", "0s",
            "HOLDFAST_HEARTBEAT", "5s",
            "HOLDFAST_STALE_AFTER", "25s"));
  }

  /** With a key, since the answer may be that nobody has decided yet. */
  private static String submit(Api api, String key, String script) {
    ObjectNode spec = JSON.createObjectNode();
    spec.putArray("command").add("sh").add("-c").add(script);
    return await("an answer")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> api.post("/v1/jobs", Map.of("Idempotency-Key", key), spec).path("id").asText(),
            id -> !id.isEmpty());
  }

  private static void awaitJob(Api api, String id, String field, String value) {
    await(id + " to have " + field + " " + value)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> api.get("/v1/jobs/" + id).path(field).asText().equals(value));
  }

  private static String stdout(Api api, String id) throws IOException {
    try (InputStream body =
        api.stream("/v1/jobs/" + id + "/output?stream=stdout", Map.of()).body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
