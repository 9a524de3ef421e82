package dev.holdfast.standalone.up;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final String ANSWER =
      """
      {"workers": [
        {"id": "w-1", "slots": 4, "silent": false, "unavailable": []},
        {"id": "w-2", "slots": 0, "silent": false,
         "unavailable": [{"what": "disk", "reason": "12 MB are free, 1 GB must stay free"}]},
        {"id": "w-3", "slots": 4, "silent": true, "unavailable": []},
        {"id": "w-4", "slots": 0, "silent": false, "unavailable": []}]}
      """;

  @Test
  void countsThoseThatTakeJobsAndSaysWhyTheOthersDoNot() throws IOException {
    HttpServer gateway =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    gateway.createContext(
        "/v1/workers",
        call -> {
          try (call) {
            call.sendResponseHeaders(200, ANSWER.length());
            call.getResponseBody().write(ANSWER.getBytes(UTF_8));
          }
        });
    gateway.start();
    try {
      var workers = new Workers(URI.create("http://127.0.0.1:" + gateway.getAddress().getPort()));

      assertThat(workers.present()).isEqualTo(1);
      assertThat(workers.problems())
          .containsExactly(
              "w-2 offers no slots (disk: 12 MB are free, 1 GB must stay free)",
              "w-3 is silent",
              "w-4 offers no slots");
    } finally {
      gateway.stop(0);
    }
  }

  @Test
  void seesNobodyWhereNoGatewayAnswers() {
    var workers = new Workers(URI.create("http://127.0.0.1:1"));

    assertThat(workers.present()).isZero();
    assertThat(workers.problems()).isEmpty();
  }
}
