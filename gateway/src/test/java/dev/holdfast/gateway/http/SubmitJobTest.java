package dev.holdfast.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.gateway.JobFixtures;
import dev.holdfast.schemas.job.JobCommand;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmitJobTest {
  private static final String BODY = "{\"command\":[\"true\"]}";

  @TempDir Path directory;
  private Api api;

  @BeforeEach
  void start() {
    api = Api.start(directory);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void answersWithWhatTheCoordinatorDecided() {
    api.coordinate();

    HttpResponse<String> response = api.post("/v1/jobs", BODY);

    JsonNode job = Api.json(response);
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(job.get("state").asText()).isEqualTo("QUEUED");
    assertThat(job.get("position").asInt()).isEqualTo(1);
    assertThat(job.get("id").asText()).matches("j-[0-9a-z]{26}");
    assertThat(response.headers().firstValue("Location"))
        .contains("/v1/jobs/" + job.get("id").asText());
    assertThat(api.get("/v1/jobs/" + job.get("id").asText()).body()).isEqualTo(response.body());
  }

  @Test
  void answersSubmittedWhenTheCoordinatorIsNotHeard() {
    JsonNode job = Api.json(api.post("/v1/jobs", BODY));

    assertThat(job.get("state").asText()).isEqualTo("SUBMITTED");
    JsonNode shown = Api.json(api.get("/v1/jobs/" + job.get("id").asText()));
    assertThat(shown.get("state").asText()).isEqualTo("SUBMITTED");
    assertThat(Api.json(api.get("/v1/jobs")).at("/jobs/0/id")).isEqualTo(job.get("id"));
  }

  @Test
  void aKeyIsOneJobHoweverOftenItIsSent() {
    api.coordinate();

    HttpResponse<String> first = api.post("/v1/jobs", BODY, "Idempotency-Key", "50% off; a+b");
    HttpResponse<String> again = api.post("/v1/jobs", BODY, "Idempotency-Key", "50% off; a+b");

    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(Api.json(first).get("id").asText()).startsWith("k-");
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(api.commands.sent()).hasSize(1);
  }

  @Test
  void aKeyIsOneJobBeforeItIsDecidedToo() {
    HttpResponse<String> first = api.post("/v1/jobs", BODY, "Idempotency-Key", "k");
    HttpResponse<String> again = api.post("/v1/jobs", BODY, "Idempotency-Key", "k");
    HttpResponse<String> other =
        api.post("/v1/jobs", "{\"command\":[\"false\"]}", "Idempotency-Key", "k");

    assertThat(Api.json(again).get("id")).isEqualTo(Api.json(first).get("id"));
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(api.commands.sent()).hasSize(1);
    assertThat(api.get("/v1/jobs/" + Api.json(first).get("id").asText()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void refusesAnotherSpecUnderTheSameKey() {
    api.coordinate();
    api.post("/v1/jobs", BODY, "Idempotency-Key", "k");

    HttpResponse<String> other =
        api.post("/v1/jobs", "{\"command\":[\"false\"]}", "Idempotency-Key", "k");

    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(Api.json(other).get("code").asText()).isEqualTo("job-conflict");
    assertThat(api.commands.sent()).hasSize(1);
  }

  @Test
  void takesTheIdOfTheClient() {
    api.coordinate();

    JsonNode job = Api.json(api.post("/v1/jobs", "{\"id\":\"mine\",\"handler\":\"noop\"}"));

    assertThat(job.get("id").asText()).isEqualTo("mine");
    assertThat(api.commands.sent().getFirst().job().value()).isEqualTo("mine");
  }

  /** The contract lets through all that the schemas have, and the answer shows it again. */
  @Test
  void takesEveryFieldOfASpec() throws Exception {
    api.coordinate();
    String spec =
        """
        {"command":["agent"],
         "repository":{"url":"https://git.example.org/a.git","ref":"main","credentials":"git",
           "index":"lucene","resume":"saved-work"},
         "env":{"A":"b"},"labels":{"team":"x"},"priority":7,
         "timeouts":{"prepare":"PT10M","run":"PT1H","idleOutput":"PT5M"},
         "liveness":{"heartbeat":"PT30S","staleAfter":"PT2M"},
         "files":{"prompt.md":"$(x) `y`"},
         "secrets":[{"name":"api-key","env":"API_KEY"},{"name":"cert"}],
         "limits":{"cpus":1.5,"memoryBytes":536870912,"pids":100},
         "container":{"image":"agents:3","network":"none","user":"1000:1000","writableRoot":true,
           "pull":"always","onEngineLoss":"restart","credentials":"registry"},
         "onLostLease":"end","finisher":{"marker":"RESULT","grace":"PT5S"},
         "checkpoint":{"maxBytes":1000},"agentFiles":"claude"}
        """;

    HttpResponse<String> response = api.post("/v1/jobs", spec);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    assertThat(Api.json(response).get("spec")).isEqualTo(new ObjectMapper().readTree(spec));
  }

  @Test
  void refusesSecretsForAHandler() {
    HttpResponse<String> response =
        api.post("/v1/jobs", "{\"handler\":\"noop\",\"secrets\":[{\"name\":\"a\"}]}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Api.json(response).get("field").asText()).isEqualTo("secrets");
  }

  @Test
  void tellsWhyTheCoordinatorRefused() {
    api.commands.decidedBy(command ->
        api.tell(
            JobFixtures.job(command.job().value())
                .rejected(
                    "submit", "liveness-too-short", ((JobCommand.Submit) command).request())));

    HttpResponse<String> refused = api.post("/v1/jobs", "{\"id\":\"a\",\"command\":[\"true\"]}");
    HttpResponse<String> shown = api.get("/v1/jobs/a");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(Api.json(refused).get("code").asText()).isEqualTo("liveness-too-short");
    assertThat(shown.statusCode()).isEqualTo(404);
    assertThat(Api.json(shown).get("detail").asText()).contains("liveness-too-short");
  }

  @Test
  void saysSoWhenKafkaDoesNotConfirm() {
    api.commands.down(true);

    HttpResponse<String> response = api.post("/v1/jobs", BODY);

    JsonNode problem = Api.json(response);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(problem.get("code").asText()).isEqualTo("kafka-unavailable");
    assertThat(problem.get("detail").asText()).contains(problem.get("job").asText());
  }
}
