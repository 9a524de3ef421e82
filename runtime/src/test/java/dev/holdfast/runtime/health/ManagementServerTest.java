package dev.holdfast.runtime.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.runtime.config.Address;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementServerTest {
  private static final Address ANY = new Address("127.0.0.1", 0);

  private final Health health = new Health();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ManagementServer server = ManagementServer.start(ANY, health, metrics);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready"})
  void isUpWhileNoCheckFindsAProblem(String path) throws Exception {
    health.liveness("disk", Optional::empty);
    health.readiness("kafka", Optional::empty);

    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertJson(answer, "{\"status\":\"up\",\"problems\":{}}");
  }

  @Test
  void isNotReadyAndSaysWhyWhileItLives() throws Exception {
    health.liveness("disk", Optional::empty);
    health.readiness("kafka", () -> Optional.of("waiting for Kafka"));
    health.readiness("cell", Optional::empty);

    HttpResponse<String> ready = get("/health/ready");

    assertThat(ready.statusCode()).isEqualTo(503);
    assertJson(ready, "{\"status\":\"down\",\"problems\":{\"kafka\":\"waiting for Kafka\"}}");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void isNotLiveWhenARestartWouldHelp() throws Exception {
    health.liveness("orders", () -> Optional.of("the thread is gone"));

    HttpResponse<String> live = get("/health/live");

    assertThat(live.statusCode()).isEqualTo(503);
    assertJson(live, "{\"status\":\"down\",\"problems\":{\"orders\":\"the thread is gone\"}}");
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void showsWhatIsCountedAsPrometheusReadsIt() throws Exception {
    metrics.counter("holdfast.ticks").increment(3);

    HttpResponse<String> answer = get("/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    assertThat(answer.body()).contains("# TYPE holdfast_ticks_total counter");
    assertThat(answer.body().lines()).contains("holdfast_ticks_total 3.0");
  }

  @Test
  void anAddressInUseIsNamed() {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> ManagementServer.start(server.address(), health, metrics))
        .withMessageContaining(server.address().toString())
        .withMessageContaining("HOLDFAST_MANAGEMENT");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://" + server.address() + path)).build();
    return client.send(request, BodyHandlers.ofString());
  }

  /** All of the answer, but for the process that gives it. */
  private static void assertJson(HttpResponse<String> answer, String expected) throws IOException {
    var json = new ObjectMapper();
    ObjectNode told = (ObjectNode) json.readTree(expected);
    told.put("pid", ProcessHandle.current().pid());
    assertThat(json.readTree(answer.body())).isEqualTo(json.readTree(told.toString()));
  }
}
