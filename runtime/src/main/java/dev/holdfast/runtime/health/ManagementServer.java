package dev.holdfast.runtime.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.runtime.config.Address;
import dev.holdfast.schemas.codec.Json;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;

/** Serves {@code /health/live}, {@code /health/ready} and {@code /metrics} of one role. */
public final class ManagementServer implements AutoCloseable {
  private final HttpServer server;

  private ManagementServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts serving.
   *
   * @throws UncheckedIOException naming the address, if it cannot be listened on
   */
  public static ManagementServer start(
      Address address, Health health, PrometheusMeterRegistry metrics) {
    try {
      var server = HttpServer.create(new InetSocketAddress(address.host(), address.port()), 16);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/health/live", call -> answer(call, health.livenessProblems()));
      server.createContext("/health/ready", call -> answer(call, health.readinessProblems()));
      server.createContext(
          "/metrics", call -> send(call, 200, "text/plain; version=0.0.4", metrics.scrape()));
      server.start();
      return new ManagementServer(server);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen on "
              + address
              + " for health and metrics: choose another HOLDFAST_MANAGEMENT",
          e);
    }
  }

  /** Where it listens. */
  public Address address() {
    return new Address(server.getAddress().getHostString(), server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void answer(HttpExchange call, Map<String, String> problems) throws IOException {
    var body = new TreeMap<String, Object>();
    body.put("status", problems.isEmpty() ? "up" : "down");
    body.put("problems", problems);
    body.put("pid", ProcessHandle.current().pid());
    send(
        call,
        problems.isEmpty() ? 200 : 503,
        "application/json",
        new String(Json.bytes(body), UTF_8));
  }

  private static void send(HttpExchange call, int status, String type, String text)
      throws IOException {
    try (call) {
      byte[] bytes = text.getBytes(UTF_8);
      call.getResponseHeaders().set("Content-Type", type);
      call.sendResponseHeaders(status, bytes.length);
      call.getResponseBody().write(bytes);
    }
  }
}
