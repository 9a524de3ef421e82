package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands that set or remove a control have in common. */
final class Controlling {
  @Mixin private final ApiOptions options = new ApiOptions();

  @Option(names = "--why", description = "Kept in the cell's history.")
  private @Nullable String why;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  static ObjectNode control(String type) {
    return Api.JSON.createObjectNode().put("type", type);
  }

  int set(ObjectNode control) {
    ObjectNode body = Api.JSON.createObjectNode();
    body.set("control", control);
    if (why != null) {
      body.put("why", why);
    }
    return print(options.api().put("/v1/controls", body));
  }

  int remove(String key) {
    String path = "/v1/controls?key=" + Api.part(key);
    return print(options.api().delete(why == null ? path : path + "&why=" + Api.part(why)));
  }

  int list() {
    return print(options.api().get("/v1/controls"));
  }

  int release(String lock, String holder) {
    ObjectNode body = Api.JSON.createObjectNode().put("lock", lock).put("holder", holder);
    if (why != null) {
      body.put("why", why);
    }
    options.api().post("/v1/locks/release", Map.of(), body);
    out().println("job " + holder + " is ended, and the lock " + lock + " is free when it has");
    out().flush();
    return ExitCodes.OK;
  }

  JsonNode locks() {
    return options.api().get("/v1/locks");
  }

  boolean asJson() {
    return json;
  }

  PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private int print(JsonNode answer) {
    PrintWriter out = out();
    if (json) {
      out.println(answer.toPrettyString());
    } else {
      var table = new Table(List.of("CONTROL", "VALUE", "SINCE", "BY", "WHY"));
      for (JsonNode control : answer.path("controls")) {
        table.row(
            List.of(
                control.path("key").asText(),
                value(control.path("control")),
                control.path("since").asText(),
                control.path("by").asText(),
                control.path("why").asText("")));
      }
      table.print(out);
    }
    out.flush();
    return ExitCodes.OK;
  }

  private static String value(JsonNode control) {
    return switch (control.path("type").asText()) {
      case "pause" ->
          control.has("until") ? "until " + control.path("until").asText() : "until resumed";
      case "limit" -> control.path("running").asText() + " running";
      case "weight" -> control.path("weight").asText();
      case "permits" -> control.path("permits").asText() + " permits";
      default -> "";
    };
  }
}
