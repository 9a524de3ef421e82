package dev.holdfast.drill.fleet;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.drill.engine.PrivateEngine;
import dev.holdfast.drill.engine.Shell;
import dev.holdfast.drill.engine.StandIns;
import dev.holdfast.standalone.cli.Api;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What docker-compose.yml describes, running on an engine of the test's own. */
final class ComposeFleet implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final Set<String> TERMINAL =
      Set.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT");

  /** As little work for the compiler as can be: eleven JVMs start at once, on two cores maybe. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  private final PrivateEngine engine;
  private final Shell shell;

  private ComposeFleet(PrivateEngine engine) {
    this.engine = engine;
    this.shell =
        engine.shell(
            StandIns.checkout(),
            Map.of(
                "COMPOSE_PROJECT_NAME", "fleet",
                "FLEET_HTTP_1", "8080",
                "FLEET_HTTP_2", "8081",
                "FLEET_HEARTBEAT", "5s",
                "FLEET_STALE_AFTER", "20s",
                "FLEET_JAVA_OPTS", QUICK,
                "FLEET_BROKER_JAVA_OPTS", QUICK));
  }

  /** Starts everything with the command of docs/fleet.md, and waits until all workers take jobs. */
  static ComposeFleet up(PrivateEngine engine, int workers) {
    var fleet = new ComposeFleet(engine);
    boolean up = false;
    try {
      fleet.compose("up", "-d", "--build", "--scale", "worker=" + workers);
      fleet.awaitReady();
      up = true;
      return fleet;
    } finally {
      if (!up) {
        fleet.close();
      }
    }
  }

  /** As an upgrade does: each worker's container makes way for a new one. */
  void replaceWorkers(int workers) {
    compose("up", "-d", "--no-deps", "--force-recreate", "--scale", "worker=" + workers, "worker");
  }

  private String compose(String... arguments) {
    return shell.run(
        PATIENCE,
        Stream.concat(Stream.of("docker-compose"), Stream.of(arguments)).toArray(String[]::new));
  }

  /** Waits until both gateways see that the worker of each container has free slots. */
  void awaitReady() {
    List<String> containers = workerContainers();
    for (int gateway : List.of(1, 2)) {
      await("gateway " + gateway + " to be ready, with workers in " + containers)
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() ->
              api(gateway).get("/health/ready").path("status").asText().equals("up")
                  && workers(gateway)
                      .filter(worker -> worker.path("free").asInt() > 0)
                      .map(worker -> worker.path("host").asText())
                      .toList()
                      .containsAll(containers));
    }
  }

  /** Their short ids, which are the names of the hosts that they are to what runs in them. */
  List<String> workerContainers() {
    return List.of(engine.docker("ps", "--quiet", "--filter", "name=fleet_worker").split("\n"));
  }

  /** The first or the second gateway. */
  private Api api(int gateway) {
    return new Api(URI.create("http://" + engine.host() + ":" + (8079 + gateway)));
  }

  Stream<JsonNode> workers(int gateway) {
    JsonNode all = api(gateway).get("/v1/workers").path("workers");
    return StreamSupport.stream(all.spliterator(), false);
  }

  /** The container that a worker lives in: its host's name is the container's id. */
  String containerOf(String worker) {
    return workers(1)
        .filter(each -> each.path("id").asText().equals(worker))
        .map(each -> each.path("host").asText())
        .findFirst()
        .orElseThrow();
  }

  /** Submits {@code sh -c script} to one gateway, and again if that one cannot answer now. */
  String submit(int gateway, String key, String script) {
    ObjectNode spec = JSON.createObjectNode();
    spec.putArray("command").add("sh").add("-c").add(script);
    return await("an answer to " + key)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () ->
                api(gateway)
                    .post("/v1/jobs", Map.of("Idempotency-Key", key), spec)
                    .path("id")
                    .asText(),
            id -> !id.isEmpty());
  }

  JsonNode job(int gateway, String id) {
    return api(gateway).get("/v1/jobs/" + id);
  }

  JsonNode awaitRunning(int gateway, String id) {
    return await("the start of " + id)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> job(gateway, id), job -> job.path("phase").asText().equals("running"));
  }

  JsonNode awaitEnd(int gateway, String id) {
    return await("the end of " + id)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> job(gateway, id), job -> TERMINAL.contains(job.path("state").asText()));
  }

  /** How often a job's history says that something of this type happened. */
  long happened(String id, String type) {
    JsonNode events = api(2).get("/v1/jobs/" + id + "/events").path("events");
    return StreamSupport.stream(events.spliterator(), false)
        .filter(event -> event.path("event").path("type").asText().equals(type))
        .count();
  }

  String stdout(int gateway, String id) {
    String path = "/v1/jobs/" + id + "/output?stream=stdout";
    try (InputStream body = api(gateway).stream(path, Map.of()).body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes containers, networks and volumes. */
  @Override
  public void close() {
    compose("down", "--volumes", "--remove-orphans", "--timeout", "5");
    // Compose has been seen to leave containers of a service whose containers were replaced.
    for (String left : engine.docker("ps", "--all", "--quiet").split("\\s+")) {
      if (!left.isEmpty()) {
        engine.docker("rm", "--force", "--volumes", left);
      }
    }
    // A volume without a name that was handed on to a newer container no longer goes with its
    // container.
    engine.docker("volume", "prune", "--force");
  }
}
