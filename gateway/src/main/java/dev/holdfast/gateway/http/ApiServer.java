package dev.holdfast.gateway.http;

import dev.holdfast.gateway.command.CellRequests;
import dev.holdfast.gateway.command.Submissions;
import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.health.Health;
import dev.holdfast.schemas.codec.Json;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** The HTTP server: routes from the contract, limits on what a client can take up. */
public final class ApiServer implements AutoCloseable {
  /** Of a request's body. */
  static final long MOST_BODY_BYTES = 1024 * 1024;

  private static final int MOST_HEADER_BYTES = 16 * 1024;
  private static final int MOST_LINE_BYTES = 8 * 1024;
  private static final int IDLE_S = 60;
  private static final long PATIENCE_S = 30;
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** Refused by the router itself, before any route. */
  private static final List<Integer> UNROUTED = List.of(400, 404, 405, 406, 415, 500);

  private final Vertx vertx;
  private final Blocking blocking;
  private final HttpServer server;
  private final RouteTimer timer;
  private final Address address;

  private ApiServer(
      Vertx vertx, Blocking blocking, HttpServer server, RouteTimer timer, Address address) {
    this.vertx = vertx;
    this.blocking = blocking;
    this.server = server;
    this.timer = timer;
    this.address = address;
  }

  /** What the API is made of. */
  public record Parts(
      Views views,
      News news,
      Submissions submissions,
      CellRequests cellRequests,
      Health health,
      PrometheusMeterRegistry metrics,
      InstantSource clock) {}

  /** Listens; fails with an IllegalStateException naming the address if that cannot be had. */
  public static ApiServer start(Address address, Parts parts) {
    Vertx vertx = Vertx.vertx();
    var blocking = new Blocking(vertx);
    Contract contract = Contract.read();
    var timer = new RouteTimer(parts.metrics());
    try {
      Future<HttpServer> listening =
          contract
              .forRouter(vertx)
              .map(routed -> router(vertx, routed, operations(contract, parts, blocking), timer))
              .compose(router ->
                  vertx
                      .createHttpServer(options())
                      .requestHandler(router)
                      .listen(address.port(), address.host()));
      HttpServer server =
          listening.toCompletionStage().toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
      return new ApiServer(
          vertx, blocking, server, timer, new Address(address.host(), server.actualPort()));
    } catch (ExecutionException | TimeoutException e) {
      vertx.close();
      throw new IllegalStateException(
          "cannot listen on " + address + ": free it, or choose another HOLDFAST_HTTP", e);
    } catch (InterruptedException e) {
      vertx.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting to listen on " + address, e);
    }
  }

  /** Where it listens. */
  public Address address() {
    return address;
  }

  /** Takes nothing new, gives what is being answered a moment, then cuts off the rest. */
  @Override
  public void close() {
    server.shutdown(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    long cutAt = System.nanoTime() + GRACE.toNanos();
    while (timer.active() > 0 && System.nanoTime() < cutAt) {
      LockSupport.parkNanos(GRACE.toNanos() / 100);
    }
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the server on " + address + " did not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      blocking.close();
    }
  }

  static List<Operation> operations(Contract contract, Parts parts, Blocking blocking) {
    Views views = parts.views();
    News news = parts.news();
    var jobs = new Jobs(views);
    var streams = new EventStreams(blocking);
    var patience = new OutputPatience(views.output(), news, blocking, parts.clock());
    var operating = new Operating(views.cell(), blocking);
    Buffer openapi = Buffer.buffer(contract.json().encodePrettily());
    return List.of(
        new SubmitJob(parts.submissions(), jobs, blocking, parts.clock()),
        new ListJobs(views, blocking),
        new ShowJob(jobs, blocking),
        new ListJobEvents(views, jobs, blocking, streams, news),
        new ReadOutput(views, jobs, blocking, streams, patience, news),
        new ShowResult(jobs, blocking),
        new ReadResultFile(jobs, views.blobs(), blocking),
        new CancelJob(parts.submissions(), jobs, blocking),
        new ListWorkers(views, blocking),
        new ListControls(views.cell(), blocking),
        new SetControl(parts.cellRequests(), operating),
        new RemoveControl(parts.cellRequests(), operating),
        new ListLocks(views.cell(), blocking),
        new ReleaseLock(parts.cellRequests(), operating),
        new ListCellEvents(views.cell(), blocking),
        new ShowHealth("showLive", parts.health()::livenessProblems),
        new ShowHealth("showReady", parts.health()::readinessProblems),
        new ShowText(
            "showMetrics",
            "text/plain; version=0.0.4; charset=utf-8",
            () -> Buffer.buffer(parts.metrics().scrape())),
        new ShowText("showContract", "application/yaml", contract::yaml),
        new ShowText("showContractAsJson", "application/json", () -> openapi),
        new ShowText("showLinks", "application/json", ApiServer::links));
  }

  private static Router router(
      Vertx vertx, OpenAPIContract contract, List<Operation> operations, RouteTimer timer) {
    Map<String, Operation> byId =
        operations.stream().collect(Collectors.toMap(Operation::id, operation -> operation));
    RouterBuilder builder =
        RouterBuilder.create(vertx, contract, new Extractor())
            .rootHandler(timer)
            .rootHandler(new Guard())
            .rootHandler(BodyHandler.create(false).setBodyLimit(MOST_BODY_BYTES))
            .rootHandler(new JsonGuard());
    for (OpenAPIRoute route : builder.getRoutes()) {
      String id = route.getOperation().getOperationId();
      Operation operation = byId.get(id);
      if (operation == null) {
        throw new IllegalStateException("operation " + id + " of the contract has no handler");
      }
      route.addHandler(operation);
    }
    Router router = builder.createRouter();
    router.route().failureHandler(new ProblemHandler(500));
    UNROUTED.forEach(status -> router.errorHandler(status, new ProblemHandler(status)));
    return router;
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setIdleTimeout(IDLE_S)
        .setMaxHeaderSize(MOST_HEADER_BYTES)
        .setMaxInitialLineLength(MOST_LINE_BYTES)
        .setHttp2ClearTextEnabled(false)
        .setTcpNoDelay(true);
  }

  private static Buffer links() {
    return Buffer.buffer(
        Json.bytes(
            Map.of(
                "name",
                "Holdfast",
                "links",
                Map.of(
                    "jobs", "/v1/jobs",
                    "workers", "/v1/workers",
                    "locks", "/v1/locks",
                    "controls", "/v1/controls",
                    "contract", "/v1/openapi.yaml",
                    "ready", "/health/ready",
                    "metrics", "/metrics"))));
  }
}
