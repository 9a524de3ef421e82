package dev.holdfast.gateway.http;

import dev.holdfast.gateway.command.CellRequests;
import dev.holdfast.schemas.Require;
import io.vertx.ext.web.RoutingContext;

/** {@code DELETE /v1/controls}. */
final class RemoveControl implements Operation {
  private final CellRequests requests;
  private final Operating operating;

  RemoveControl(CellRequests requests, Operating operating) {
    this.requests = requests;
    this.operating = operating;
  }

  @Override
  public String id() {
    return "removeControl";
  }

  @Override
  public void handle(RoutingContext call) {
    String key = Require.line("key", Parameters.text(call, "key").orElse(null), 2_200);
    String why = Parameters.text(call, "why").orElse(null);
    Require.optionalLine("why", why, 1_000);
    operating.answer(call, requests.remove(key, Operating.asking(why)));
  }
}
