package dev.holdfast.gateway.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Serves one operation of the contract. */
interface Operation extends Handler<RoutingContext> {
  /** Its {@code operationId}. */
  String id();
}
