package dev.holdfast.drill.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.drill.system.RunningSystem.Running;
import dev.holdfast.standalone.cli.ApiFailure;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Submit, run, look, cancel: the main job and its refusals, through HTTP. */
@ExtendWith(RunningSystem.class)
class MainJobTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void runsAJobOverARepositoryAndKeepsItsChanges(Running system) throws Exception {
    String id =
        system.submit(
            """
            echo "attempt $HOLDFAST_ATTEMPT of $HOLDFAST_JOB, token is set: ${HOLDFAST_TOKEN:+yes}"
            echo problem >&2
            echo changed > chapter-1.txt; echo new > extra.txt
            exit 3
            """,
            system.repository().toString(),
            "main");

    JsonNode job = system.awaitEnd(id);

    assertThat(job.path("state").asText()).isEqualTo("FAILED");
    assertThat(job.path("exitCode").asInt()).isEqualTo(3);
    assertThat(job.path("attempt").asInt()).isEqualTo(1);
    assertThat(new String(system.stdout(id), UTF_8))
        .isEqualTo("attempt 1 of " + id + ", token is set: yes\n");
    try (InputStream errors = system.output(id, "stream=stderr").body()) {
      assertThat(new String(errors.readAllBytes(), UTF_8)).isEqualTo("problem\n");
    }
    JsonNode result = system.api().get("/v1/jobs/" + id + "/result");
    assertThat(result.path("changes").path("uncommittedFiles").asInt()).isEqualTo(2);
    try (InputStream diff =
        system.api().stream("/v1/jobs/" + id + "/result/changes.diff", Map.of()).body()) {
      assertThat(new String(diff.readAllBytes(), UTF_8)).contains("+changed", "+new");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"command": ["no-such-program"]}                                    | no-such-program     | install it there
          {"command": ["true"], "repository": {"url": "/no/such/repository"}} | /no/such/repository | Check the URL or path
          """)
  void failsWithAMessageThatSaysWhichAndWhatToDo(
      String spec, String named, String advice, Running system) throws Exception {
    JsonNode job = system.awaitEnd(system.submit(JSON.readTree(spec)));

    assertThat(job.path("state").asText()).isEqualTo("FAILED");
    assertThat(job.path("reason").asText()).contains(named).contains(advice);
  }

  @Test
  void saysWhichRefDoesNotExistAndNamesOthers(Running system) {
    JsonNode job = system.awaitEnd(system.submit("true", system.repository().toString(), "mian"));

    assertThat(job.path("state").asText()).isEqualTo("FAILED");
    assertThat(job.path("reason").asText()).contains("mian", "main", "Name a branch");
  }

  @Test
  void cancelLeavesNoProcessBehind(Running system) throws Exception {
    Path pids = system.directory().resolve("cancel-pids.txt");
    String id =
        system.submit(
            """
            trap '' TERM
            echo $$ >> %1$s
            (trap '' TERM; setsid sh -c 'trap "" TERM; echo $$ >> %1$s; while :; do sleep 1; done' & )
            sh -c 'trap "" TERM; echo $$ >> %1$s; while :; do sleep 1; done' &
            echo started
            while :; do sleep 1; done
            """
                .formatted(pids),
            null,
            null);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 3);

    system.api().post("/v1/jobs/" + id + "/cancel", Map.of(), JSON.createObjectNode());
    JsonNode job = system.awaitEnd(id);

    assertThat(job.path("state").asText()).isEqualTo("CANCELLED");
    for (String pid : Files.readAllLines(pids)) {
      assertThat(Path.of("/proc", pid)).doesNotExist();
    }
  }

  @Test
  void theSameKeyIsTheSameJobAndAnotherBodyAConflict(Running system) throws Exception {
    Map<String, String> key = Map.of("Idempotency-Key", "main-job-test");
    JsonNode spec = JSON.readTree("{\"command\": [\"true\"]}");

    String first = system.api().post("/v1/jobs", key, spec).path("id").asText();
    String again = system.api().post("/v1/jobs", key, spec).path("id").asText();

    assertThat(again).isEqualTo(first);
    assertThatExceptionOfType(ApiFailure.class)
        .isThrownBy(
            () -> system.api().post("/v1/jobs", key, JSON.readTree("{\"command\":[\"false\"]}")));
  }

  @Test
  void refusesABadSpecByField(Running system) throws Exception {
    JsonNode spec = JSON.readTree("{\"command\": [\"true\"], \"priority\": 12}");

    assertThatExceptionOfType(ApiFailure.class)
        .isThrownBy(() -> system.submit(spec))
        .withMessageContaining("priority");
  }

  @Test
  void endsAJobWhoseTimeIsUp(Running system) throws Exception {
    JsonNode spec =
        JSON.readTree("{\"command\": [\"sleep\", \"600\"], \"timeouts\": {\"run\": \"PT1S\"}}");

    assertThat(system.awaitEnd(system.submit(spec)).path("state").asText()).isEqualTo("TIMED_OUT");
  }
}
