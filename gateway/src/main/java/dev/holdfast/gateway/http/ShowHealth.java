package dev.holdfast.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.function.Supplier;

/** {@code GET /health/live} and {@code /health/ready}. */
final class ShowHealth implements Operation {
  private final String id;
  private final Supplier<Map<String, String>> problems;

  ShowHealth(String id, Supplier<Map<String, String>> problems) {
    this.id = id;
    this.problems = problems;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public void handle(RoutingContext call) {
    Map<String, String> found = problems.get();
    Reply.json(
        call,
        found.isEmpty() ? 200 : 503,
        Map.of(
            "status",
            found.isEmpty() ? "up" : "down",
            "problems",
            found,
            "pid",
            ProcessHandle.current().pid()));
  }
}
