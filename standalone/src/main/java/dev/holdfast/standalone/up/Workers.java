package dev.holdfast.standalone.up;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.cli.ApiFailure;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The workers as the gateway sees them: "up" means that they take jobs. */
public final class Workers {
  private final Api api;

  public Workers(URI url) {
    this.api = new Api(url);
  }

  /** Workers that offer slots now. */
  public long present() {
    return all().filter(Workers::offers).count();
  }

  /** Of each worker that announces itself and offers no slots: why it says so. */
  List<String> problems() {
    return all().filter(worker -> !offers(worker)).map(Workers::problem).toList();
  }

  private Stream<JsonNode> all() {
    try {
      return StreamSupport.stream(api.get("/v1/workers").path("workers").spliterator(), false);
    } catch (ApiFailure e) {
      return Stream.empty();
    }
  }

  private static boolean offers(JsonNode worker) {
    return worker.path("slots").asInt() > 0 && !worker.path("silent").asBoolean();
  }

  private static String problem(JsonNode worker) {
    String id = worker.path("id").asText();
    if (worker.path("silent").asBoolean()) {
      return id + " is silent";
    }
    String reasons =
        StreamSupport.stream(worker.path("unavailable").spliterator(), false)
            .map(lack -> lack.path("what").asText() + ": " + lack.path("reason").asText())
            .collect(Collectors.joining(", "));
    return id + " offers no slots" + (reasons.isEmpty() ? "" : " (" + reasons + ")");
  }
}
