package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.stream.Collectors;

/** One event of a job as a line for people. */
public final class EventLine {
  private static final Set<String> SAID_ELSEWHERE =
      Set.of(
          "type",
          "job",
          "at",
          "cause",
          "spec",
          "specDigest",
          "output",
          "result",
          "usage",
          "offset");

  private EventLine() {}

  public static String of(JsonNode event) {
    String facts =
        event.properties().stream()
            .filter(field -> !SAID_ELSEWHERE.contains(field.getKey()))
            .map(field -> field.getKey() + "=" + text(field.getValue()))
            .collect(Collectors.joining(" "));
    String why = event.path("cause").path("why").asText("");
    return "%-27s %-16s %s  (%s%s)"
        .formatted(
            event.path("at").asText(),
            event.path("type").asText(),
            facts,
            event.path("cause").path("by").asText(),
            why.isEmpty() ? "" : ": " + why);
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
