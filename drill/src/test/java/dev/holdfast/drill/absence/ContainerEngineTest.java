package dev.holdfast.drill.absence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.drill.chaos.Systems;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.demo.Leftovers;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs in containers, from the API to the engine and back; and the engine is stopped for a while.
 */
class ContainerEngineTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path temporary;

  @Test
  void isWaitedForByJobsInContainersOnly() throws Exception {
    Path data = Files.createDirectories(temporary.toRealPath().resolve("data"));
    Plan plan = Systems.plan(data, 1, 4, false, Duration.ofSeconds(2));
    Api api = new Api(plan.url());
    try (var engine = WorkersEngine.start();
        DataDirLock lock = DataDirLock.take(data, "test");
        var supervisor = new Supervisor(lock, event -> {})) {
      start(supervisor, plan, engine);
      awaitContainers(api, true);
      String first = submit(api, true, "echo in the container; cat /etc/hostname");
      assertThat(awaitEnd(api, first).path("state").asText()).isEqualTo("SUCCEEDED");
      assertThat(stdout(api, first)).startsWith("in the container\n");

      Instant stoppedAt = Instant.now();
      engine.stop();
      JsonNode unavailable = awaitContainers(api, false).path("unavailable").path(0);
      assertThat(unavailable.path("what").asText()).isEqualTo("docker");
      assertThat(Instant.parse(unavailable.path("since").asText()))
          .isBetween(stoppedAt.minusSeconds(1), Instant.now());
      String waiting = submit(api, true, "echo at last");
      String process = submit(api, false, "echo without an engine");
      assertThat(awaitEnd(api, process).path("state").asText()).isEqualTo("SUCCEEDED");
      assertThat(job(api, waiting).path("state").asText()).isEqualTo("QUEUED");

      engine.startAgain();
      JsonNode ended = awaitEnd(api, waiting);
      assertThat(ended.path("state").asText()).isEqualTo("SUCCEEDED");
      assertThat(ended.path("attempt").asInt()).isEqualTo(1);
      assertThat(stdout(api, waiting)).isEqualTo("at last\n");
    } finally {
      new Leftovers(data).end();
    }
  }

  private static void start(Supervisor supervisor, Plan plan, WorkersEngine engine)
      throws InterruptedException {
    plan.workerSpecs()
        .forEach(spec ->
            supervisor.start(spec.withEnvironment(Map.of("HOLDFAST_DOCKER", engine.address()))));
    supervisor.start(plan.brokerSpec());
    plan.controlSpecs().stream().map(supervisor::start).toList().forEach(ready -> ready.join());
  }

  private static JsonNode awaitContainers(Api api, boolean offered) {
    return await("a worker that can run containers: " + offered)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> api.get("/v1/workers").path("workers").path(0),
            worker -> worker.has("id") && worker.path("containers").asBoolean() == offered);
  }

  private static String submit(Api api, boolean inContainer, String script) {
    ObjectNode spec = JSON.createObjectNode();
    spec.putArray("command").add("sh").add("-c").add(script);
    if (inContainer) {
      spec.putObject("container")
          .put("image", WorkersEngine.IMAGE)
          .put("pull", "never")
          .put("network", "none");
    }
    return api.post("/v1/jobs", Map.of(), spec).path("id").asText();
  }

  private static JsonNode job(Api api, String id) {
    return api.get("/v1/jobs/" + id);
  }

  private static JsonNode awaitEnd(Api api, String id) {
    return await("the end of " + id)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> job(api, id),
            job -> List.of("SUCCEEDED", "FAILED").contains(job.path("state").asText()));
  }

  private static String stdout(Api api, String id) throws IOException {
    try (InputStream body =
        api.stream("/v1/jobs/" + id + "/output?stream=stdout", Map.of()).body()) {
      return new String(body.readAllBytes(), UTF_8);
    }
  }
}
