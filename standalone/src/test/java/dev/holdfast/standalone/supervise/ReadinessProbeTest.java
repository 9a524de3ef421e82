package dev.holdfast.standalone.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessProbeTest {
  private HttpServer server;
  private ReadinessProbe probe;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.start();
    probe =
        ReadinessProbe.http(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/health/ready"));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void takesTheChildsOwnWordOnly() throws IOException {
    answers(200, "{\"status\":\"up\",\"problems\":{},\"pid\":4711}");

    assertThat(probe.ready(4711)).isTrue();
    assertThat(probe.ready(4712)).isFalse();
  }

  @Test
  void doesNotTakeAnotherProgramForTheChild() {
    answers(200, "<html>hello</html>");

    assertThatThrownBy(() -> probe.ready(4711)).isInstanceOf(IOException.class);
  }

  @Test
  void isNotReadyWhileTheChildSaysSo() throws IOException {
    answers(503, "{\"status\":\"down\",\"problems\":{\"events\":\"behind\"},\"pid\":4711}");

    assertThat(probe.ready(4711)).isFalse();
  }

  private void answers(int status, String body) {
    server.createContext(
        "/health/ready",
        call -> {
          try (call) {
            byte[] bytes = body.getBytes(UTF_8);
            call.sendResponseHeaders(status, bytes.length);
            call.getResponseBody().write(bytes);
          }
        });
  }
}
