package dev.holdfast.drill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.drill.system.RunningSystem.Running;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What jobs wait for besides a slot: locks, another try, a reset, an operator, an instant. */
@ExtendWith(RunningSystem.class)
class WaitingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path temporary;

  private static ObjectNode spec(String script) {
    ObjectNode spec = JSON.createObjectNode();
    spec.putArray("command").add("sh").add("-c").add(script);
    return spec;
  }

  private static void awaitState(Running system, String id, String state) {
    await(id + " to be " + state)
        .atMost(PATIENCE)
        .until(() -> system.job(id).path("state").asText(), state::equals);
  }

  @Test
  void isTriedAgainUntilItSucceeds(Running system) throws Exception {
    ObjectNode spec = spec("echo try $HOLDFAST_ATTEMPT; [ $HOLDFAST_ATTEMPT -ge 3 ] || exit 75");
    ObjectNode retry = spec.putObject("retry").put("attempts", 3).put("backoff", "PT0.2S");
    retry.putArray("exitCodes").add(75);

    JsonNode ended = system.awaitEnd(system.submit(spec));

    assertThat(ended.path("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(ended.path("attempt").asInt()).isEqualTo(3);
    assertThat(ended.path("lostAttempts").asInt()).isZero();
    assertThat(ended.path("attempts").findValuesAsText("ended"))
        .contains("exited with code 75", "exited with code 75");
    assertThat(new String(system.stdout(ended.path("id").asText()), StandardCharsets.UTF_8))
        .isEqualTo("try 3\n");
  }

  /** The holder's end and the next holder's start are in one file, in the order of the tokens. */
  @Test
  void aLockHasOneHolderAlsoWhenTheCoordinatorIsKilled(Running system) throws Exception {
    Path notes = temporary.toRealPath().resolve("notes");
    String script =
        "echo begin $HOLDFAST_TOKEN >>%1$s; sleep 1; echo end $HOLDFAST_TOKEN >>%1$s"
            .formatted(notes);
    var jobs = new ArrayList<String>();
    for (int i = 0; i < 4; i++) {
      ObjectNode spec = spec(script);
      spec.putArray("locks").addObject().put("name", "notes");
      jobs.add(system.submit(spec));
    }
    awaitState(system, jobs.getFirst(), "RUNNING");
    JsonNode lock = system.api().get("/v1/locks").path("locks").path(0);
    assertThat(lock.path("holders").findValuesAsText("job")).containsExactly(jobs.getFirst());
    assertThat(lock.path("waiters").findValuesAsText("job"))
        .containsExactlyElementsOf(jobs.subList(1, 4));

    system.supervisor().kill("control");
    jobs.forEach(
        job -> assertThat(system.awaitEnd(job).path("state").asText()).isEqualTo("SUCCEEDED"));

    List<String> lines = Files.readAllLines(notes);
    assertThat(lines).hasSize(8);
    long before = 0;
    for (int i = 0; i < lines.size(); i += 2) {
      long token = Long.parseLong(lines.get(i).split(" ")[1]);
      assertThat(lines.get(i)).isEqualTo("begin " + token);
      assertThat(lines.get(i + 1)).isEqualTo("end " + token);
      assertThat(token).isGreaterThan(before);
      before = token;
    }
    await("the lock to be free")
        .atMost(PATIENCE)
        .until(() -> system.api().get("/v1/locks").path("locks").isEmpty());
  }

  @Test
  void anAccountAtItsLimitWaitsForTheReset(Running system) {
    String script =
        "[ $HOLDFAST_ATTEMPT -gt 1 ] || { echo 'limit reached, resets in PT3S'; exit 1; }";
    ObjectNode spec = spec(script);
    spec.putObject("quota")
        .put("account", "model-main")
        .put("pattern", "limit reached, resets in (?<reset>\\S+)");
    String id = system.submit(spec);

    await("the account to be paused")
        .atMost(PATIENCE)
        .until(
            () -> system.api().get("/v1/controls").path("controls").findValuesAsText("key"),
            keys -> keys.contains("pause/account/model-main"));
    assertThat(system.job(id).path("reason").asText())
        .startsWith("account model-main is paused until ");
    JsonNode ended = system.awaitEnd(id);

    assertThat(ended.path("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(ended.path("lostAttempts").asInt()).isZero();
    assertThat(system.api().get("/v1/controls").path("controls").findValuesAsText("key"))
        .doesNotContain("pause/account/model-main");
  }

  @Test
  void anOperatorPausesAnOwnerAndTheHistorySaysWhoAndWhy(Running system) {
    ObjectNode control =
        JSON.createObjectNode().put("type", "pause").put("scope", "owner").put("name", "team-x");
    ObjectNode body = JSON.createObjectNode().put("why", "its budget");
    body.set("control", control);
    system.api().put("/v1/controls", body);
    ObjectNode spec = spec("true");
    spec.putObject("scheduling").put("owner", "team-x");
    String id = system.submit(spec);
    awaitState(system, id, "QUEUED");
    assertThat(system.job(id).path("reason").asText())
        .startsWith("owner team-x is paused by http: its budget");

    system.api().delete("/v1/controls?key=pause%2Fowner%2Fteam-x&why=paid");

    assertThat(system.awaitEnd(id).path("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(system.api().get("/v1/cell/events").path("events").toString())
        .contains("control-set", "its budget", "control-removed", "paid");
  }

  @Test
  void doesNotStartBeforeItsTime(Running system) {
    Instant notBefore = Instant.now().plusSeconds(2);
    ObjectNode spec = spec("true");
    spec.putObject("scheduling").put("notBefore", notBefore.toString());
    String id = system.submit(spec);
    assertThat(system.job(id).path("state").asText()).isEqualTo("WAITING");

    JsonNode ended = system.awaitEnd(id);

    assertThat(Instant.parse(ended.path("startedAt").asText())).isAfterOrEqualTo(notBefore);
  }
}
