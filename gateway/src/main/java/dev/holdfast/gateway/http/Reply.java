package dev.holdfast.gateway.http;

import dev.holdfast.schemas.codec.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** Answers that fit in one piece. */
final class Reply {
  private static final int SHORT = 200;

  private Reply() {}

  static void json(RoutingContext call, int status, Object body) {
    send(call, status, "application/json", Buffer.buffer(Json.bytes(body)));
  }

  static void problem(RoutingContext call, Problem problem) {
    send(call, problem.status(), "application/problem+json", Buffer.buffer(Json.bytes(problem)));
  }

  static void send(RoutingContext call, int status, String mediaType, Buffer body) {
    call.response()
        .setStatusCode(status)
        .putHeader("Content-Type", mediaType)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cache-Control", "no-store")
        .end(body);
  }

  /** A stranger's text, fit to be repeated in one line. */
  static String shortened(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() > SHORT ? clean.substring(0, SHORT) + "..." : clean;
  }
}
