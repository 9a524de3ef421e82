package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show a job and what happened to it.")
final class ShowCommand implements Callable<Integer> {
  @Mixin private final ApiOptions options = new ApiOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "ID", description = "The job's id.")
  private String id = "";

  @Option(names = "--json", description = "Print JSON: the job and its events.")
  private boolean json;

  @Override
  public Integer call() {
    Api api = options.api();
    JsonNode job = api.get("/v1/jobs/" + Api.part(id));
    JsonNode events = api.get("/v1/jobs/" + Api.part(id) + "/events").path("events");
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(
          Api.JSON
              .createObjectNode()
              .<ObjectNode>set("job", job)
              .set("events", events)
              .toPrettyString());
    } else {
      for (Map.Entry<String, JsonNode> field : job.properties()) {
        if (!field.getValue().isNull()) {
          out.printf("%-14s %s%n", field.getKey(), text(field.getKey(), field.getValue()));
        }
      }
      out.println();
      for (JsonNode event : events) {
        out.println(EventLine.of(event.path("event")));
      }
    }
    out.flush();
    return ExitCodes.OK;
  }

  private static String text(String field, JsonNode value) {
    return switch (field) {
      case "usage" -> Telling.usage(value);
      case "progress" -> Telling.progress(value);
      default -> text(value);
    };
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
