package dev.holdfast.gateway.http;

import dev.holdfast.gateway.view.CellQueries;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** {@code GET /v1/locks}. */
final class ListLocks implements Operation {
  private final CellQueries cell;
  private final Blocking blocking;

  ListLocks(CellQueries cell, Blocking blocking) {
    this.cell = cell;
    this.blocking = blocking;
  }

  @Override
  public String id() {
    return "listLocks";
  }

  @Override
  public void handle(RoutingContext call) {
    blocking
        .query(cell::locks)
        .onSuccess(locks -> Reply.json(call, 200, Map.of("locks", locks)))
        .onFailure(call::fail);
  }
}
