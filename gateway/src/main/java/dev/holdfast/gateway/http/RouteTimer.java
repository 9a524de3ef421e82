package dev.holdfast.gateway.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.Operation;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures how long each operation takes, from its head to the end of its answer. */
final class RouteTimer implements PlatformHandler {
  private final MeterRegistry metrics;
  private final AtomicInteger active;

  RouteTimer(MeterRegistry metrics) {
    this.metrics = metrics;
    this.active = new AtomicInteger();
    Gauge.builder("holdfast.http.active", active, AtomicInteger::get)
        .description("requests being answered")
        .register(metrics);
  }

  /** How many requests are being answered. */
  int active() {
    return active.get();
  }

  @Override
  public void handle(RoutingContext call) {
    long began = System.nanoTime();
    active.incrementAndGet();
    call.addEndHandler(ended -> {
      active.decrementAndGet();
      record(call, began);
    });
    call.next();
  }

  private void record(RoutingContext call, long began) {
    Timer.builder("holdfast.http.requests")
        .description("time from a request's head to the end of its answer")
        .tag("operation", operation(call))
        .tag("method", method(call.request().method()))
        .tag("status", Integer.toString(call.response().getStatusCode()))
        .register(metrics)
        .record(Duration.ofNanos(System.nanoTime() - began));
  }

  private static String operation(RoutingContext call) {
    Route route = call.currentRoute();
    Operation operation =
        route == null ? null : route.getMetadata(RouterBuilder.KEY_META_DATA_OPERATION);
    return operation == null ? "none" : operation.getOperationId();
  }

  /** A stranger must not be able to make up series without end. */
  private static String method(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.POST)
        ? method.name()
        : "other";
  }
}
