package dev.holdfast.gateway.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import java.net.URI;
import java.util.Locale;

/**
 * What a request must be before anything of it is read. A page of another site can make a browser
 * post to a loopback address; it cannot do so as JSON, and not without saying where it comes from.
 */
final class Guard implements PlatformHandler {
  private static final long BODY_WITHIN_MS = 30_000;

  @Override
  public void handle(RoutingContext call) {
    HttpServerRequest request = call.request();
    if (crossOrigin(request)) {
      call.fail(
          Problem.of(
                  ProblemCode.CROSS_ORIGIN,
                  "expected no Origin header, or one of " + Reply.shortened(host(request)))
              .exception());
      return;
    }
    if (request.method().equals(HttpMethod.POST)) {
      if (hasBody(request) && !json(request)) {
        call.fail(
            Problem.of(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "expected the header Content-Type: application/json")
                .exception());
        return;
      }
      limitTime(call);
    }
    call.next();
  }

  private static void limitTime(RoutingContext call) {
    long timer =
        call.vertx()
            .setTimer(
                BODY_WITHIN_MS,
                late ->
                    call.fail(
                        Problem.of(
                                ProblemCode.REQUEST_TOO_SLOW,
                                "expected the whole body within " + BODY_WITHIN_MS + " ms")
                            .exception()));
    call.put("body-timer", timer);
    call.addEndHandler(ended -> call.vertx().cancelTimer(timer));
  }

  /** The body is here; the clock on it stops. */
  static void bodyArrived(RoutingContext call) {
    Long timer = call.get("body-timer");
    if (timer != null) {
      call.vertx().cancelTimer(timer);
    }
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return length == null ? request.getHeader("Transfer-Encoding") != null : !length.equals("0");
  }

  private static boolean json(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    return type != null
        && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json");
  }

  private static boolean crossOrigin(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    if (origin == null) {
      return false;
    }
    try {
      return !host(request).equalsIgnoreCase(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private static String host(HttpServerRequest request) {
    String host = request.getHeader("Host");
    return host == null ? "" : host;
  }
}
