package dev.holdfast.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.JobFixtures;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.OutputTotals;
import dev.holdfast.schemas.attempt.OutputTotals.StreamTotal;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.RequeueReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadOutputTest {
  @TempDir Path directory;
  private final JobFixtures job = JobFixtures.job("a");
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
    api.tell(job.submitted(1), job.assigned(1, 7, "w"), job.taken(7));
  }

  private JobEvent.Ended ended(int attempt, long token, long bytes) {
    var total = new StreamTotal(bytes, StreamTotal.EMPTY.sha256(), null, null);
    return job.ended(
        attempt, token, new Outcome.Exited(0), new OutputTotals(total, StreamTotal.EMPTY), null);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  @Test
  void givesBytesFromAnOffset() {
    running();
    api.output("a", 7, 0, "hello ");
    api.output("a", 7, 6, "world");

    HttpResponse<String> all = api.get("/v1/jobs/a/output");
    HttpResponse<String> part = api.get("/v1/jobs/a/output?stream=stdout&from=6");
    HttpResponse<String> other = api.get("/v1/jobs/a/output?stream=stderr");

    assertThat(all.body()).isEqualTo("hello world");
    assertThat(header(all, "Content-Type")).isEqualTo("application/octet-stream");
    assertThat(header(all, "Holdfast-Attempt")).isEqualTo("1");
    assertThat(header(all, "Holdfast-Token")).isEqualTo("7");
    assertThat(header(all, "Holdfast-Output-End")).isEqualTo("11");
    assertThat(header(all, "Holdfast-Output-Complete")).isEqualTo("false");
    assertThat(part.body()).isEqualTo("world");
    assertThat(other.body()).isEmpty();
    assertThat(api.get("/v1/jobs/a/output?from=99").body()).isEmpty();
  }

  @Test
  void waitsForTheOutputThatAnEndedJobIsKnownToHave() {
    running();
    api.output("a", 7, 0, "hello ");
    api.tell(ended(1, 7, 11));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = CompletableFuture.supplyAsync(() -> api.get("/v1/jobs/a/output"), threads);
      await().until(() -> api.outputNews.size() > 0);
      api.output("a", 7, 6, "world");

      HttpResponse<String> response = asked.join();

      assertThat(response.body()).isEqualTo("hello world");
      assertThat(header(response, "Holdfast-Output-Complete")).isEqualTo("true");
    }
  }

  @Test
  void marksWhatWasCutOrNeverCame() {
    running();
    api.output("a", 7, 0, "head");
    api.output("a", new OutputChunk.Cut(new Token(7), OutputStreamName.STDOUT, 4, 1_000));
    api.output("a", 7, 1_000, "tail");
    api.tell(ended(1, 7, 1_010));
    api.now.set(JobFixtures.START.plus(Duration.ofHours(1)));

    HttpResponse<String> response = api.get("/v1/jobs/a/output");

    assertThat(response.body())
        .startsWith("head\n[holdfast: bytes 4 to 1000 of stdout were not kept")
        .contains("]\ntail\n[holdfast: bytes 1004 to 1010 of stdout are missing");
    assertThat(header(response, "Holdfast-Output-Cut")).isEqualTo("4-1000,1004-1010");
    assertThat(header(response, "Holdfast-Output-Complete")).isEqualTo("false");
  }

  @Test
  void neverMixesAttempts() {
    running();
    api.output("a", 7, 0, "first");
    api.tell(job.requeued(1, 7, RequeueReason.STALE, ""), job.assigned(2, 8, "w"));
    api.output("a", 8, 0, "2nd");
    api.output("a", 7, 5, " and late");

    assertThat(api.get("/v1/jobs/a/output").body()).isEqualTo("2nd");
    assertThat(api.get("/v1/jobs/a/output?attempt=1").body()).isEqualTo("first and late");
    assertThat(api.get("/v1/jobs/a/output?attempt=3").statusCode()).isEqualTo(404);
  }

  @Test
  void isEmptyBeforeTheFirstAttempt() {
    api.tell(job.submitted(1));

    HttpResponse<String> response = api.get("/v1/jobs/a/output");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(header(response, "Holdfast-Attempt")).isEqualTo("0");
  }

  @Test
  void givesManyMegabytesByteForByte() {
    running();
    byte[] all = new byte[6 * 1024 * 1024 + 17];
    new Random(1).nextBytes(all);
    for (int from = 0; from < all.length; from += 100_000) {
      byte[] piece = Arrays.copyOfRange(all, from, Math.min(all.length, from + 100_000));
      api.output("a", new OutputChunk.Bytes(new Token(7), OutputStreamName.STDOUT, from, piece));
    }
    api.tell(ended(1, 7, all.length));

    HttpResponse<byte[]> response =
        api.exchange(
            api.request("/v1/jobs/a/output").GET().build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(response.body()).isEqualTo(all);
  }

  @Test
  void saysSoWhenKafkaCannotBeRead() {
    running();
    api.output("a", 7, 0, "hello");
    api.chunks.down(true);

    HttpResponse<String> response = api.get("/v1/jobs/a/output");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(Api.json(response).get("code").asText()).isEqualTo("log-unavailable");
  }

  @Test
  void followsToTheEndAndGoesOnWhereTheClientWas() throws IOException {
    api.tell(job.submitted(1));
    String id;
    try (var events = Events.follow(api, "/v1/jobs/a/output?follow=true")) {
      api.tell(job.assigned(1, 7, "w"), job.taken(7));
      api.output("a", 7, 0, "hello ");
      await().until(() -> text(events.received()).equals("hello "));
      id = events.received().getLast().id();
    }

    api.output("a", 7, 6, "wide ");
    try (var events = Events.follow(api, "/v1/jobs/a/output?follow=true", "Last-Event-ID", id)) {
      await().until(() -> text(events.received()).equals("wide "));
      api.tell(ended(1, 7, 16));
      api.output("a", 7, 11, "world");
      await().until(events::ended);

      assertThat(text(events.received())).isEqualTo("wide world");
      assertThat(events.received().get(1).data().get("offset").asLong()).isEqualTo(6);
      Events.Event last = events.received().getLast();
      assertThat(last.name()).isEqualTo("end");
      assertThat(last.data().get("state").asText()).isEqualTo("SUCCEEDED");
      assertThat(last.data().get("exitCode").asInt()).isZero();
      assertThat(last.data().get("bytes").asLong()).isEqualTo(16);
    }
    assertThat(id).isEqualTo("6");
  }

  @Test
  void followsTheNextAttemptFromItsStart() {
    running();
    api.output("a", 7, 0, "first");
    try (var events = Events.follow(api, "/v1/jobs/a/output", "Accept", "text/event-stream")) {
      await().until(() -> text(events.received()).equals("first"));
      api.tell(job.requeued(1, 7, RequeueReason.STALE, ""), job.assigned(2, 8, "w"));
      api.output("a", 8, 0, "2nd");
      await().until(() -> text(events.received()).equals("first2nd"));
      api.tell(ended(2, 8, 3));
      await().until(events::ended);

      List<Events.Event> begun =
          events.received().stream().filter(event -> "attempt".equals(event.name())).toList();
      assertThat(begun).hasSize(2);
      assertThat(begun.get(1).data().get("attempt").asInt()).isEqualTo(2);
      assertThat(events.received().get(events.received().size() - 2).id()).isEqualTo("3@2");
    }
  }

  @ParameterizedTest
  @EnumSource(RequeueReason.class)
  void endsWhenAJobIsCancelledWhileItWaitsToBeTriedAgain(RequeueReason reason) {
    running();
    api.output("a", 7, 0, "first");
    try (var events = Events.follow(api, "/v1/jobs/a/output?follow=true")) {
      await().until(() -> text(events.received()).equals("first"));
      api.tell(job.requeued(1, 7, reason, ""));
      api.output("a", 7, 7, "late");
      api.tell(job.ended(1, null, new Outcome.Cancelled(0)));
      await().until(events::ended);

      Events.Event last = events.received().getLast();
      assertThat(text(events.received())).isEqualTo("firstlate");
      assertThat(events.received())
          .filteredOn(event -> "cut".equals(event.name()))
          .extracting(event -> event.data().toString())
          .containsExactly("{\"from\":5,\"to\":7,\"why\":\"missing\"}");
      assertThat(last.name()).isEqualTo("end");
      assertThat(last.data().get("state").asText()).isEqualTo("CANCELLED");
      assertThat(last.data().get("bytes").asLong()).isEqualTo(11);
    }
    try (var events = Events.follow(api, "/v1/jobs/a/output?follow=true")) {
      await().until(events::ended);
    }
  }

  @Test
  void doesNotGoOnInAnotherAttemptWhereTheClientWasInTheFirst() {
    running();
    api.output("a", 7, 0, "first");
    api.tell(job.requeued(1, 7, RequeueReason.STALE, ""), job.assigned(2, 8, "w"));
    api.output("a", 8, 0, "second");

    try (var events = Events.follow(api, "/v1/jobs/a/output?follow=true", "Last-Event-ID", "5")) {
      await().until(() -> text(events.received()).equals("second"));
    }
    try (var events = Events.follow(api, "/v1/jobs/a/output?follow=true", "Last-Event-ID", "3@2")) {
      await().until(() -> text(events.received()).equals("ond"));
    }
  }

  @Test
  void tellsFollowersWhatWasCut() {
    running();
    api.output("a", new OutputChunk.Cut(new Token(7), OutputStreamName.STDOUT, 0, 10));
    api.output("a", 7, 10, "tail");
    api.tell(ended(1, 7, 20));
    api.now.set(JobFixtures.START.plus(Duration.ofHours(1)));

    try (var events = Events.follow(api, "/v1/jobs/a/output?follow=true")) {
      await().until(events::ended);

      assertThat(events.received())
          .filteredOn(event -> "cut".equals(event.name()))
          .extracting(event -> event.data().toString())
          .containsExactly(
              "{\"from\":0,\"to\":10,\"why\":\"limit\"}",
              "{\"from\":14,\"to\":20,\"why\":\"missing\"}");
      assertThat(text(events.received())).isEqualTo("tail");
    }
  }

  @Test
  void followsEventsToTheEnd() {
    running();
    try (var events = Events.follow(api, "/v1/jobs/a/events?follow=true", "Last-Event-ID", "0")) {
      await().until(() -> events.received().size() == 2);
      api.tell(ended(1, 7, 0));
      await().until(events::ended);

      assertThat(events.received())
          .extracting(Events.Event::id, event -> event.data().path("type").asText())
          .containsExactly(
              tuple("1", "assigned"), tuple("2", "taken"), tuple("3", "ended"), tuple(null, ""));
    }
  }

  @Test
  void forgetsFollowersThatLeave() {
    running();
    try (var events = Events.follow(api, "/v1/jobs/a/output?follow=true")) {
      await().until(() -> !events.received().isEmpty());
      assertThat(api.outputNews.size()).isEqualTo(1);
    }

    await().until(() -> api.outputNews.size() == 0 && api.jobNews.size() == 0);
  }

  private static String text(List<Events.Event> events) {
    var text = new StringBuilder();
    for (Events.Event event : events) {
      if (event.name() == null) {
        try {
          text.append(new String(event.data().get("bytes").binaryValue(), UTF_8));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return text.toString();
  }
}
