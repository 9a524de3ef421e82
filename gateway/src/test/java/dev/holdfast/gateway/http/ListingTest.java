package dev.holdfast.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.gateway.JobFixtures;
import dev.holdfast.gateway.Logged;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.Phase;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.RequeueReason;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.DiskSpace;
import dev.holdfast.schemas.worker.Presence;
import dev.holdfast.schemas.worker.Unavailability;
import dev.holdfast.schemas.worker.WorkerId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListingTest {
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
  void showsAllOfAJob() {
    JobFixtures job = JobFixtures.job("a");
    api.tell(
        job.submitted(1),
        job.assigned(1, 1, "w-1"),
        job.taken(1),
        job.requeued(1, 1, RequeueReason.STALE, "no heartbeat for PT2M"),
        job.assigned(2, 2, "w-2"),
        job.taken(2),
        job.entered(2, Phase.RUNNING));

    JsonNode shown = Api.json(api.get("/v1/jobs/a"));

    assertThat(shown.get("state").asText()).isEqualTo("RUNNING");
    assertThat(shown.get("phase").asText()).isEqualTo("running");
    assertThat(shown.get("health").asText()).isEqualTo("on-time");
    assertThat(shown.get("attempt").asInt()).isEqualTo(2);
    assertThat(shown.get("token").asLong()).isEqualTo(2);
    assertThat(shown.get("worker").asText()).isEqualTo("w-2");
    assertThat(shown.get("lostAttempts").asInt()).isEqualTo(1);
    assertThat(shown.get("exitCode").isNull()).isTrue();
    assertThat(shown.get("position").isNull()).isTrue();
    assertThat(shown.get("startedAt").asText()).isEqualTo("2026-11-23T08:00:05Z");
    assertThat(shown.at("/attempts/0/ended").asText()).isEqualTo("stale: no heartbeat for PT2M");
    assertThat(shown.at("/spec/command/0").asText()).isEqualTo("true");
  }

  @Test
  void inventsNoExitCodeForASignal() {
    JobFixtures job = JobFixtures.job("a");
    api.tell(
        job.submitted(1), job.assigned(1, 1, "w-1"), job.ended(1, 1L, new Outcome.Signalled(9)));

    JsonNode shown = Api.json(api.get("/v1/jobs/a"));

    assertThat(shown.get("exitCode").isNull()).isTrue();
    assertThat(shown.get("reason").asText()).isEqualTo("killed by signal 9");
    assertThat(shown.get("endedAt").asText()).isEqualTo("2026-11-23T08:00:02Z");
  }

  @Test
  void pagesThroughAllJobsOnce() {
    for (int i = 1; i <= 5; i++) {
      api.tell(JobFixtures.job("j-" + i).submitted(i));
    }
    api.post("/v1/jobs", "{\"id\":\"on-its-way\",\"command\":[\"true\"]}");

    var seen = new ArrayList<String>();
    String after = "";
    do {
      JsonNode page = Api.json(api.get("/v1/jobs?limit=1" + after));
      page.get("jobs").forEach(job -> seen.add(job.get("id").asText()));
      after = page.has("next") ? "&after=" + page.get("next").asText() : null;
    } while (after != null);

    assertThat(seen).containsExactly("on-its-way", "j-5", "j-4", "j-3", "j-2", "j-1");
  }

  @Test
  void filtersByStatusAndLabel() {
    api.tell(
        JobFixtures.job("a")
            .submitted(1, JobFixtures.spec("{\"command\":[\"x\"],\"labels\":{\"p\":\"50%&x\"}}")),
        JobFixtures.job("b").submitted(2));

    assertThat(ids("/v1/jobs?label=p%3D50%25%26x")).containsExactly("a");
    assertThat(ids("/v1/jobs?status=queued,running")).containsExactly("b", "a");
    assertThat(ids("/v1/jobs?status=TIMED_OUT&status=failed")).isEmpty();
  }

  private List<String> ids(String path) {
    var ids = new ArrayList<String>();
    Api.json(api.get(path)).get("jobs").forEach(job -> ids.add(job.get("id").asText()));
    return ids;
  }

  @Test
  void listsEventsWithTheirOffsets() {
    JobFixtures job = JobFixtures.job("a");
    api.tell(job.submitted(1), JobFixtures.job("b").submitted(2), job.assigned(1, 1, "w"));

    JsonNode first = Api.json(api.get("/v1/jobs/a/events?limit=1"));
    JsonNode rest = Api.json(api.get("/v1/jobs/a/events?after=" + first.get("next").asLong()));

    assertThat(first.at("/events/0/offset").asLong()).isZero();
    assertThat(first.at("/events/0/event/type").asText()).isEqualTo("submitted");
    assertThat(rest.at("/events/0/offset").asLong()).isEqualTo(2);
    assertThat(rest.at("/events/0/event/worker").asText()).isEqualTo("w");
    assertThat(rest.has("next")).isFalse();
  }

  @Test
  void tellsWorkersAndWhoIsSilent() {
    Instant start = JobFixtures.START;
    api.workers.tell(presence("w-1", 4, start), presence("w-2", 2, start));
    JobFixtures job = JobFixtures.job("a");
    api.tell(job.submitted(1), job.assigned(1, 1, "w-1"));
    api.time.seen(14_999);

    JsonNode busy = Api.json(api.get("/v1/workers")).at("/workers/0");
    api.time.seen(15_000);
    JsonNode silent = Api.json(api.get("/v1/workers")).at("/workers/1");

    assertThat(busy.get("id").asText()).isEqualTo("w-1");
    assertThat(busy.get("free").asInt()).isEqualTo(3);
    assertThat(busy.get("running").asInt()).isEqualTo(1);
    assertThat(busy.get("silent").asBoolean()).isFalse();
    assertThat(silent.get("id").asText()).isEqualTo("w-2");
    assertThat(silent.get("silent").asBoolean()).isTrue();
    assertThat(silent.get("free").asInt()).isZero();
  }

  /** A record of a test has no time: Kafka's "none", one millisecond before the epoch. */
  private static Logged.Entry presence(String id, int slots, Instant startedAt) {
    return new Logged.Entry(
        id,
        Serdes.PRESENCE.write(
            new Presence(new WorkerId(id), 3, 1, slots, 0, false, "host", 42, startedAt, 5_000)));
  }

  /** An outage in which nothing can be written makes nobody silent: no time passes in the log. */
  @Test
  void judgesSilenceByTheLogsOwnClock() {
    api.workers.tell(presence("w-1", 4, JobFixtures.START));
    api.now.set(JobFixtures.START.plus(Duration.ofHours(1)));

    JsonNode worker = Api.json(api.get("/v1/workers")).at("/workers/0");

    assertThat(worker.get("silent").asBoolean()).isFalse();
    assertThat(worker.get("free").asInt()).isEqualTo(4);
  }

  @Test
  void tellsWhatAWorkerLacks() {
    api.workers.tell(
        new Logged.Entry(
            "w-1",
            Serdes.PRESENCE.write(
                new Presence(
                    new WorkerId("w-1"),
                    3,
                    1,
                    4,
                    0,
                    false,
                    "host",
                    42,
                    JobFixtures.START,
                    5_000,
                    true,
                    List.of(new Unavailability("docker", "no answer", JobFixtures.START)),
                    new DiskSpace(10, 100, 20, -1)))));

    JsonNode worker = Api.json(api.get("/v1/workers")).at("/workers/0");

    assertThat(worker.get("containers").asBoolean()).isTrue();
    assertThat(worker.at("/unavailable/0/what").asText()).isEqualTo("docker");
    assertThat(worker.at("/unavailable/0/reason").asText()).isEqualTo("no answer");
    assertThat(worker.at("/disk/freeBytes").asLong()).isEqualTo(10);
  }

  @Test
  void tellsTheProgressOfTheAttemptThatHoldsTheLease() {
    JobFixtures job = JobFixtures.job("a");
    api.tell(job.submitted(1), job.assigned(1, 7, "w-1"));
    api.heartbeats.tell(
        beat("a", 7, new Progress(40, "half")),
        beat("a", 6, new Progress(90, "of an older attempt")),
        beat("a", 7, null));

    assertThat(Api.json(api.get("/v1/jobs/a")).at("/progress/percent").asInt()).isEqualTo(40);
    assertThat(Api.json(api.get("/v1/jobs")).at("/jobs/0/progress/text").asText())
        .isEqualTo("half");

    api.tell(job.ended(1, 7L, new Outcome.Exited(0)));
    assertThat(Api.json(api.get("/v1/jobs/a")).get("progress").isNull()).isTrue();
  }

  @Test
  void streamsProgressBetweenTheEvents() {
    JobFixtures job = JobFixtures.job("a");
    api.tell(job.submitted(1), job.assigned(1, 7, "w-1"));
    try (Events stream = Events.follow(api, "/v1/jobs/a/events?follow=true")) {
      await().until(() -> stream.received().size() == 2);

      api.heartbeats.tell(beat("a", 7, new Progress(40, "half")));

      await().until(() -> stream.received().size() == 3);
      Events.Event told = stream.received().getLast();
      assertThat(told.name()).isEqualTo("progress");
      assertThat(told.data().get("percent").asInt()).isEqualTo(40);
    }
  }

  private static Logged.Entry beat(String job, long token, @Nullable Progress progress) {
    return new Logged.Entry(
        job,
        Serdes.LEASE.write(
            new LeaseRecord.Heartbeat(
                new Token(token), new WorkerId("w-1"), Phase.RUNNING, Liveness.DEFAULT, progress)));
  }

  @Test
  void tellsItsHealthItsMetricsAndItsContract() {
    assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(api.get("/health/ready").statusCode()).isEqualTo(200);
    api.health.readiness("events", () -> java.util.Optional.of("has not read all"));

    assertThat(api.get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(Api.json(api.get("/health/ready")).at("/problems/events").asText())
        .isEqualTo("has not read all");
    assertThat(api.get("/metrics").body())
        .contains(
            "holdfast_http_requests_seconds_count{method=\"GET\",operation=\"showReady\",status=\"503\"}");
    assertThat(api.get("/v1/openapi.yaml").body()).startsWith("openapi: 3.1.0");
    assertThat(Api.json(api.get("/v1/openapi.json")).at("/openapi").asText()).isEqualTo("3.1.0");
    assertThat(Api.json(api.get("/")).at("/links/jobs").asText()).isEqualTo("/v1/jobs");
  }
}
