package dev.holdfast.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.JobFixtures;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.job.JobCommand;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CancelJobTest {
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

  private void running() {
    JobFixtures job = JobFixtures.job("a");
    api.tell(job.submitted(1), job.assigned(1, 1, "w"), job.taken(1));
  }

  @Test
  void asksTheCoordinatorAndShowsWhatCameOfIt() {
    running();
    api.coordinate();

    HttpResponse<String> response = api.post("/v1/jobs/a/cancel", "{\"why\":\"wrong branch\"}");

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(Api.json(response).get("cancelling").asBoolean()).isTrue();
    assertThat(((JobCommand.Cancel) api.commands.sent().getFirst()).why())
        .isEqualTo("wrong branch");
  }

  @Test
  void needsNoBody() {
    running();
    api.coordinate();

    HttpResponse<String> response =
        api.send(
            api.request("/v1/jobs/a/cancel")
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
                .build());

    assertThat(response.statusCode()).isEqualTo(202);
  }

  @Test
  void doesNotAskTwice() {
    running();
    api.coordinate();

    api.post("/v1/jobs/a/cancel", "{}");
    HttpResponse<String> again = api.post("/v1/jobs/a/cancel", "{}");

    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(api.commands.sent()).hasSize(1);
  }

  @Test
  void doesNoHarmToWhatIsCancelledAlready() {
    JobFixtures job = JobFixtures.job("a");
    api.tell(job.submitted(1), job.ended(0, null, new Outcome.Cancelled(0)));

    HttpResponse<String> response = api.post("/v1/jobs/a/cancel", "{}");

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(Api.json(response).get("state").asText()).isEqualTo("CANCELLED");
    assertThat(api.commands.sent()).isEmpty();
  }

  @Test
  void refusesWhatHasEndedOtherwise() {
    JobFixtures job = JobFixtures.job("a");
    api.tell(
        job.submitted(1),
        job.assigned(1, 1, "w"),
        job.taken(1),
        job.ended(1, 1L, new Outcome.Exited(0)));

    HttpResponse<String> response = api.post("/v1/jobs/a/cancel", "{}");

    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(Api.json(response).get("code").asText()).isEqualTo("job-ended");
    assertThat(api.commands.sent()).isEmpty();
  }

  @Test
  void leavesItToTheCoordinatorWhatIsUnknown() {
    api.commands.decidedBy(command ->
        api.tell(
            JobFixtures.job("a")
                .rejected("cancel", "job-unknown", ((JobCommand.Cancel) command).request())));

    HttpResponse<String> response = api.post("/v1/jobs/a/cancel", "{}");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(Api.json(response).get("code").asText()).isEqualTo("job-unknown");
  }

  @Test
  void saysSoWhenNothingIsDecidedAboutAnUnknownJob() {
    HttpResponse<String> response = api.post("/v1/jobs/a/cancel", "{}");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(Api.json(response).get("code").asText()).isEqualTo("not-decided-yet");
  }
}
