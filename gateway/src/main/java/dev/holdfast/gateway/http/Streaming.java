package dev.holdfast.gateway.http;

import io.vertx.ext.web.RoutingContext;

/** Whether a client asks for a stream of server-sent events. */
final class Streaming {
  private Streaming() {}

  static boolean wanted(RoutingContext call) {
    String accept = call.request().getHeader("Accept");
    return Parameters.flag(call, "follow")
        || (accept != null && accept.startsWith("text/event-stream"));
  }
}
