package dev.holdfast.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.gateway.JobFixtures;
import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.LockWish;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators ask over HTTP: controls, locks, and the history of both. */
class OperatingTest {
  private static final Instant NOW = JobFixtures.START;
  private static final String PAUSE =
      "{\"control\":{\"type\":\"pause\",\"scope\":\"pool\",\"name\":\"default\"},\"why\":\"repairs\"}";

  @TempDir Path directory;
  private Api api;

  @BeforeEach
  void start() {
    api = Api.patient(directory);
    api.commands.cellDecidedBy(this::decide);
  }

  @AfterEach
  void stop() throws IOException {
    api.close();
  }

  @Test
  void pausesAndResumesAPoolAndTellsWhoAndWhy() {
    JobFixtures job = JobFixtures.job("j-1");
    api.tell(job.submitted(1));

    HttpResponse<String> paused = api.put("/v1/controls", PAUSE);
    String reason = json(api.get("/v1/jobs/j-1")).path("reason").asText();
    HttpResponse<String> resumed = api.delete("/v1/controls?key=pause%2Fpool%2Fdefault&why=done");

    assertThat(paused.statusCode()).isEqualTo(200);
    JsonNode control = json(paused).path("controls").path(0);
    assertThat(control.path("key").asText()).isEqualTo("pause/pool/default");
    assertThat(control.path("by").asText()).isEqualTo("http");
    assertThat(control.path("why").asText()).isEqualTo("repairs");
    assertThat(reason).startsWith("pool default is paused by http: repairs");
    assertThat(resumed.statusCode()).isEqualTo(200);
    assertThat(json(resumed).path("controls")).isEmpty();
    assertThat(json(api.get("/v1/cell/events")).path("events").findValuesAsText("type"))
        .containsExactly("control-set", "pause", "control-removed");
  }

  @Test
  void asksNothingTwice() {
    api.put("/v1/controls", PAUSE);
    api.put("/v1/controls", PAUSE);
    api.delete("/v1/controls?key=limit%2Fowner%2Fnobody");

    assertThat(api.commands.sentToCell()).hasSize(1);
  }

  @Test
  void namesTheFieldThatIsWrong() {
    HttpResponse<String> wrong =
        api.put("/v1/controls", "{\"control\":{\"type\":\"weight\",\"owner\":\"a\",\"weight\":0}}");

    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(json(wrong).path("field").asText()).isEqualTo("control.weight");
  }

  @Test
  void tellsWhenALimitIsReached() {
    api.put(
        "/v1/controls",
        "{\"control\":{\"type\":\"limit\",\"scope\":\"owner\",\"name\":\"http\",\"running\":1}}");
    JobFixtures first = JobFixtures.job("j-1");
    api.tell(first.submitted(1), first.assigned(1, 1, "w-1"));
    api.tell(JobFixtures.job("j-2").submitted(2));

    assertThat(json(api.get("/v1/jobs/j-2")).path("reason").asText())
        .startsWith("owner http has 1 jobs running and a limit of 1");
  }

  @Test
  void showsWhoHoldsALockAndWhoWaitsForIt() {
    String spec = "{\"command\":[\"true\"],\"locks\":[{\"name\":\"staging\"}]}";
    JobFixtures holder = JobFixtures.job("holder");
    api.tell(
        holder.submitted(1, JobFixtures.spec(spec)),
        holder.locked(new LockWish("staging", 1)),
        holder.assigned(1, 7, "w-1"));
    api.tell(JobFixtures.job("waiter").submitted(2, JobFixtures.spec(spec)));

    JsonNode lock = json(api.get("/v1/locks")).path("locks").path(0);

    assertThat(lock.path("name").asText()).isEqualTo("staging");
    assertThat(lock.path("permits").asInt()).isOne();
    assertThat(lock.path("holders").path(0).path("job").asText()).isEqualTo("holder");
    assertThat(lock.path("holders").path(0).path("token").asLong()).isEqualTo(7);
    assertThat(lock.path("waiters").path(0).path("job").asText()).isEqualTo("waiter");
  }

  @Test
  void releasesALockOfItsHolderAndRefusesOneThatHoldsNothing() {
    HttpResponse<String> done =
        api.post("/v1/locks/release", "{\"lock\":\"staging\",\"holder\":\"holder\"}");
    HttpResponse<String> refused =
        api.post("/v1/locks/release", "{\"lock\":\"staging\",\"holder\":\"other\"}");

    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(json(refused).path("code").asText()).isEqualTo("lock-not-held");
  }

  /** What a coordinator would decide for whom only the job {@code holder} holds a lock. */
  private void decide(CellCommand command) {
    var cause = new Cause(command.by(), command.why() == null ? "" : command.why());
    api.tell(
        switch (command) {
          case CellCommand.SetControl set -> new CellEvent.ControlSet(NOW, cause, set.control());
          case CellCommand.RemoveControl remove ->
              new CellEvent.ControlRemoved(NOW, cause, remove.control());
          case CellCommand.ReleaseLock release ->
              release.holder().equals(new JobId("holder"))
                  ? new CellEvent.LockReleased(NOW, cause, release.lock(), release.holder())
                  : new CellEvent.CellCommandRejected(
                      NOW,
                      cause,
                      release.subject(),
                      "release-lock",
                      "lock-not-held",
                      "it does not hold it",
                      release.request());
        });
  }

  private static JsonNode json(HttpResponse<String> response) {
    try {
      return new ObjectMapper().readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(response.body(), e);
    }
  }
}
