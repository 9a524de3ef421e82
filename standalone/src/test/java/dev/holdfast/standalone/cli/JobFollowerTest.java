package dev.holdfast.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** Against a gateway that is away at the wrong moment. */
@Timeout(60)
class JobFollowerTest {
  private static final String END = "event: end\ndata: {\"state\":\"FAILED\",\"bytes\":0}\n\n";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger brokenAnswers = new AtomicInteger();
  private HttpServer gateway;
  private URI url;

  @BeforeEach
  void start() throws IOException {
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    gateway.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    gateway.createContext("/v1/jobs/a/output", call -> answer(call, 200, END));
    gateway.createContext("/v1/jobs/a", this::job);
    gateway.start();
    url = URI.create("http://127.0.0.1:" + gateway.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
  }

  @Test
  void asksAgainForTheEndWhenTheGatewayIsRestartedJustThen() throws Exception {
    brokenAnswers.set(3);
    var err = new StringWriter();

    int code = new JobFollower(new Api(url), new PrintWriter(err)).follow("a");

    assertThat(code).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).isEqualTo("job a FAILED: left with 3\n");
    assertThat(asked).filteredOn("/v1/jobs/a"::equals).hasSize(4);
  }

  @Test
  void followsTheAttemptThatIsAskedForAndNotTheJob() {
    int code =
        new CommandLine(new LogsCommand())
            .execute("-f", "--attempt", "2", "--url", url.toString(), "a");

    assertThat(code).isZero();
    assertThat(asked)
        .containsExactlyInAnyOrder(
            "/v1/jobs/a/output?follow=true&stream=stdout&attempt=2",
            "/v1/jobs/a/output?follow=true&stream=stderr&attempt=2");
  }

  private void job(HttpExchange call) throws IOException {
    int broken = brokenAnswers.getAndDecrement();
    if (broken > 1) {
      answer(call, 503, "{\"detail\":\"starting\"}");
    } else if (broken == 1) {
      asked.add(call.getRequestURI().toString());
      call.close(); // without an answer
    } else {
      answer(call, 200, "{\"state\":\"FAILED\",\"reason\":\"left with 3\"}");
    }
  }

  private void answer(HttpExchange call, int status, String body) throws IOException {
    asked.add(call.getRequestURI().toString());
    try (call) {
      byte[] bytes = body.getBytes(UTF_8);
      call.sendResponseHeaders(status, bytes.length);
      call.getResponseBody().write(bytes);
    }
  }
}
