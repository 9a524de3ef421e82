package dev.holdfast.standalone.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.standalone.Main;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The control plane as a process of its own, while there is no Kafka. */
@Timeout(120)
class ControlCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path data;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void answersFromWhatItHasAndSaysWhatIsMissing() throws Exception {
    String api = "127.0.0.1:" + freePort();
    String kafka = "127.0.0.1:" + freePort();
    Process control = control(api, kafka);
    try {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(get(api, "/v1/jobs").statusCode()).isEqualTo(200));

      HttpResponse<String> gateway = get(api, "/health/ready");
      assertThat(gateway.statusCode()).isEqualTo(503);
      assertThat(JSON.readTree(gateway.body()).path("pid").asLong()).isEqualTo(control.pid());
      for (String role : new String[] {"coordinator", "monitor"}) {
        Path file = data.resolve("management").resolve(role);
        HttpResponse<String> ready = get(Files.readString(file).strip(), "/health/ready");
        JsonNode said = JSON.readTree(ready.body());
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(said.path("pid").asLong()).isEqualTo(control.pid());
        assertThat(said.path("problems").toString()).contains("waiting for Kafka at " + kafka);
      }

      control.destroy();
      assertThat(control.waitFor()).isEqualTo(128 + 15);
    } finally {
      control.destroyForcibly();
    }
  }

  private Process control(String http, String kafka) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "control",
            "--data",
            data.toString(),
            "--http",
            http,
            "--bootstrap",
            kafka)
        .redirectErrorStream(true)
        .redirectOutput(data.resolve("control.log").toFile())
        .start();
  }

  private HttpResponse<String> get(String address, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://" + address + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
