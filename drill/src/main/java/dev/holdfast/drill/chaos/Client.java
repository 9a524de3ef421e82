package dev.holdfast.drill.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.drill.work.DrillJob;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.cli.ApiFailure;
import dev.holdfast.standalone.cli.ExitCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** A patient client: asks again, with the same key, until it is answered. */
final class Client {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ASK_AGAIN_AFTER_MS = 200;

  private final Api api;
  private final Path ledger;
  private final Path repository;

  Client(Api api, Path ledger, Path repository) {
    this.api = api;
    this.ledger = ledger;
    this.repository = repository;
  }

  /** Submits and returns the job's id. */
  String submit(DrillJob job) {
    ObjectNode body = JSON.createObjectNode();
    body.putArray("command").add("sh").add("-c").add(job.script());
    body.putObject("env").put(DrillJob.LEDGER, ledger.toString());
    if (job.inRepository()) {
      body.putObject("repository").put("url", repository.toString());
    }
    return patiently(
        () -> api.post("/v1/jobs", Map.of("Idempotency-Key", job.key()), body).path("id").asText());
  }

  JsonNode job(String id) {
    return patiently(() -> api.get("/v1/jobs/" + id));
  }

  byte[] output(String id) {
    return patiently(() -> {
      try (InputStream body =
          api.stream("/v1/jobs/" + id + "/output?stream=stdout", Map.of()).body()) {
        return body.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** A refusal is final; an absence or a broken answer is not. */
  private static <T> T patiently(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (UncheckedIOException e) {
        pause();
      } catch (ApiFailure e) {
        if (e.exitCode() == ExitCodes.REFUSED) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(ASK_AGAIN_AFTER_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
