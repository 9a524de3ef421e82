package dev.holdfast.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.cli.ApiFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** A job of the demo, seen through the HTTP API as any user sees it. */
final class DemoJob {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> TERMINAL =
      Set.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT");
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Api api;
  private final String id;

  private DemoJob(Api api, String id) {
    this.api = api;
    this.id = id;
  }

  static DemoJob submit(
      Api api, String key, String script, Path repository, Map<String, String> env, Pace pace) {
    ObjectNode body = JSON.createObjectNode();
    body.putArray("command").add("sh").add("-c").add(script);
    body.putObject("repository").put("url", repository.toString());
    env.forEach(body.putObject("env")::put);
    body.putObject("liveness")
        .put("heartbeat", pace.heartbeat().toString())
        .put("staleAfter", pace.staleAfter().toString());
    JsonNode job = api.post("/v1/jobs", Map.of("Idempotency-Key", key), body);
    return new DemoJob(api, job.path("id").asText());
  }

  String id() {
    return id;
  }

  JsonNode get() {
    return api.get("/v1/jobs/" + id);
  }

  List<JsonNode> events() {
    return StreamSupport.stream(
            api.get("/v1/jobs/" + id + "/events").path("events").spliterator(), false)
        .map(logged -> logged.path("event"))
        .toList();
  }

  /** The first event of a type, if it has happened. */
  Optional<JsonNode> event(String type) {
    return events().stream().filter(event -> event.path("type").asText().equals(type)).findFirst();
  }

  byte[] output() {
    try (InputStream body =
        api.stream("/v1/jobs/" + id + "/output?stream=stdout", Map.of()).body()) {
      return body.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> lines() {
    return new String(output(), StandardCharsets.UTF_8).lines().toList();
  }

  JsonNode result() {
    return api.get("/v1/jobs/" + id + "/result");
  }

  /** Whether what the API gives out has the checksum that the worker took of the job's own file. */
  boolean checksumEqual() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(output());
      return HexFormat.of()
          .formatHex(digest)
          .equals(get().path("output").path("stdout").path("sha256").asText());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  JsonNode awaitEnd(Duration atMost) throws InterruptedException {
    return await("its end", atMost, job -> TERMINAL.contains(job.path("state").asText()));
  }

  /** Waits until the job looks as wanted; a gateway that is away for a moment is asked again. */
  JsonNode await(String what, Duration atMost, Predicate<JsonNode> wanted)
      throws InterruptedException {
    long giveUpAt = System.nanoTime() + atMost.toNanos();
    while (true) {
      try {
        JsonNode job = get();
        if (wanted.test(job)) {
          return job;
        }
        if (System.nanoTime() > giveUpAt) {
          throw new DemoFailure(
              "job " + id + " did not come to " + what + " within " + atMost + "; it is " + job);
        }
      } catch (ApiFailure e) {
        if (System.nanoTime() > giveUpAt) {
          throw new DemoFailure("waiting for " + what + " of job " + id + ": " + e.getMessage());
        }
      }
      Thread.sleep(LOOK_EVERY);
    }
  }

  void awaitLines(int count, Duration atMost) throws InterruptedException {
    await(count + " lines of output", atMost, job -> lines().size() >= count);
  }

  /** The first time that it was found so. */
  JsonNode awaitHealth(String health, Duration atMost) throws InterruptedException {
    await("being " + health, atMost, job -> healthEvent(health).isPresent());
    return healthEvent(health).orElseThrow();
  }

  private Optional<JsonNode> healthEvent(String health) {
    return events().stream()
        .filter(event -> event.path("health").asText().equals(health))
        .findFirst();
  }

  JsonNode awaitEvent(String type, Duration atMost) throws InterruptedException {
    await("the event " + type, atMost, job -> event(type).isPresent());
    return event(type).orElseThrow();
  }
}
