package dev.holdfast.drill.system;

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
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker and all that it ran die for good: the next attempt goes on from what was kept. */
class CheckpointTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path temporary;

  @Test
  void theNextAttemptGoesOnOnAnotherWorker() throws Exception {
    Path directory = temporary.toRealPath();
    Plan plan = Systems.plan(directory, 2, 1, false, Duration.ofSeconds(1));
    try (DataDirLock lock = DataDirLock.take(directory, "up");
        Supervisor supervisor = new Supervisor(lock, event -> {})) {
      Systems.start(supervisor, plan);
      Api api = new Api(plan.url());
      String id = api.post("/v1/jobs", Map.of(), counting()).path("id").asText();

      await().atMost(PATIENCE).until(() -> kept(api, id) >= 2);
      String worker = job(api, id).path("worker").asText();
      supervisor.abandon(worker);
      new Leftovers(directory.resolve("workers").resolve(worker)).end();

      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> job(api, id).path("state").asText().equals("SUCCEEDED"));
      JsonNode ended = job(api, id);
      assertThat(ended.path("attempt").asInt()).isEqualTo(2);
      assertThat(ended.path("worker").asText()).isNotEqualTo(worker);
      assertThat(ended.path("lostAttempts").asInt()).isEqualTo(1);
      try (InputStream output =
          api.stream("/v1/jobs/" + id + "/output?stream=stdout&attempt=2", Map.of()).body()) {
        String said = new String(output.readAllBytes(), UTF_8).strip();
        assertThat(said).matches("attempt 2 goes on from [0-9]+");
        assertThat(Integer.parseInt(said.replaceAll(".* ", ""))).isPositive();
      }
    } finally {
      new Leftovers(directory).end();
    }
  }

  /** The first attempt counts for ever, in its checkpoint; the second tells where it begins. */
  private static ObjectNode counting() {
    ObjectNode spec = JSON.createObjectNode();
    spec.putArray("command")
        .add("sh")
        .add("-c")
        .add(
            """
            cd "$HOLDFAST_CHECKPOINT"
            if [ "$HOLDFAST_ATTEMPT" = 2 ]; then echo "attempt 2 goes on from $(cat count)"; exit; fi
            n=0
            while :; do n=$((n + 1)); echo $n > count.new; mv count.new count; sleep 0.3; done
            """);
    spec.putObject("checkpoint");
    return spec;
  }

  private static JsonNode job(Api api, String id) {
    return api.get("/v1/jobs/" + id);
  }

  private static long kept(Api api, String id) {
    return StreamSupport.stream(
            api.get("/v1/jobs/" + id + "/events").path("events").spliterator(), false)
        .filter(event -> event.at("/event/type").asText().equals("file-kept"))
        .count();
  }
}
