package dev.holdfast.gateway.http;

import dev.holdfast.gateway.view.CellQueries;
import dev.holdfast.gateway.view.CellQueries.LoggedCellEvent;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /v1/cell/events}: who did what to the cell, and why. */
final class ListCellEvents implements Operation {
  private static final int USUAL = 500;

  private final CellQueries cell;
  private final Blocking blocking;

  ListCellEvents(CellQueries cell, Blocking blocking) {
    this.cell = cell;
    this.blocking = blocking;
  }

  @Override
  public String id() {
    return "listCellEvents";
  }

  @Override
  public void handle(RoutingContext call) {
    long after = Parameters.number(call, "after", -1L);
    int limit = Parameters.number(call, "limit", USUAL);
    blocking
        .query(() -> page(cell.events(after, limit + 1), limit))
        .onSuccess(page -> Reply.json(call, 200, page))
        .onFailure(call::fail);
  }

  private static Map<String, Object> page(List<LoggedCellEvent> found, int limit) {
    List<LoggedCellEvent> events = found.stream().limit(limit).toList();
    var page = new HashMap<String, Object>();
    page.put("events", events);
    if (found.size() > limit) {
      page.put("next", events.getLast().offset());
    }
    return page;
  }
}
