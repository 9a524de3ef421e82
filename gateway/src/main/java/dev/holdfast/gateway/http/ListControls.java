package dev.holdfast.gateway.http;

import dev.holdfast.gateway.view.CellQueries;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** {@code GET /v1/controls}. */
final class ListControls implements Operation {
  private final CellQueries cell;
  private final Blocking blocking;

  ListControls(CellQueries cell, Blocking blocking) {
    this.cell = cell;
    this.blocking = blocking;
  }

  @Override
  public String id() {
    return "listControls";
  }

  @Override
  public void handle(RoutingContext call) {
    blocking
        .query(() -> ControlAnswer.all(cell.controls()))
        .onSuccess(controls -> Reply.json(call, 200, Map.of("controls", controls)))
        .onFailure(call::fail);
  }
}
