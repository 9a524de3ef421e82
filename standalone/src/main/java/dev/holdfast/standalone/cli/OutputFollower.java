package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows one stream of a job by server-sent events. When the connection breaks it goes on from the
 * last byte that was written, so nothing is lost or doubled.
 */
final class OutputFollower {
  private static final Duration RECONNECT_AFTER = Duration.ofMillis(500);
  private static final int MOST_FAILURES = 240;

  private final Api api;
  private final String path;
  private String lastEventId = "";

  /**
   * For one follower.
   *
   * @param attempt null for the newest, and then for each that follows it
   */
  OutputFollower(Api api, String id, String stream, @Nullable Integer attempt) {
    this.api = api;
    this.path =
        "/v1/jobs/"
            + Api.part(id)
            + "/output?follow=true&stream="
            + stream
            + (attempt == null ? "" : "&attempt=" + attempt);
  }

  void copyTo(OutputStream to) {
    int failures = 0;
    while (true) {
      String before = lastEventId;
      try {
        if (copyOnce(to)) {
          return;
        }
      } catch (IOException | ApiFailure e) {
        boolean refused =
            e instanceof ApiFailure failure && failure.exitCode() == ExitCodes.REFUSED;
        failures = before.equals(lastEventId) ? failures + 1 : 0;
        if (refused || failures > MOST_FAILURES) {
          throw e instanceof ApiFailure failure
              ? failure
              : new ApiFailure(ExitCodes.UNAVAILABLE, "the output broke off: " + e);
        }
      }
      pause();
    }
  }

  /** True when the end was seen. */
  private boolean copyOnce(OutputStream to) throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      headers.put("Last-Event-ID", lastEventId);
    }
    try (var reader =
        new BufferedReader(
            new InputStreamReader(api.stream(path, headers).body(), StandardCharsets.UTF_8))) {
      String type = "message";
      String id = lastEventId;
      var data = new StringBuilder();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("event:")) {
          type = line.substring(6).strip();
        } else if (line.startsWith("id:")) {
          id = line.substring(3).strip();
        } else if (line.startsWith("data:")) {
          data.append(line.substring(5).strip());
        } else if (line.isEmpty() && !data.isEmpty()) {
          if (show(type, Api.JSON.readTree(data.toString()), to)) {
            return true;
          }
          lastEventId = id;
          type = "message";
          data.setLength(0);
        }
      }
    }
    return false;
  }

  private static boolean show(String type, JsonNode data, OutputStream to) {
    try {
      switch (type) {
        case "end" -> {
          return true;
        }
        case "cut" ->
            to.write(
                ("\n[holdfast: output cut, bytes "
                        + data.path("from").asLong()
                        + " to "
                        + data.path("to").asLong()
                        + " are not kept]\n")
                    .getBytes(StandardCharsets.UTF_8));
        case "message" -> to.write(data.path("bytes").binaryValue());
        default -> {} // the begin of an attempt, and whatever a later gateway has to say
      }
      to.flush();
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the output", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RECONNECT_AFTER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiFailure(ExitCodes.FAILED, "interrupted");
    }
  }
}
