package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "workers", mixinStandardHelpOptions = true, description = "List the workers.")
final class WorkersCommand implements Callable<Integer> {
  private static final List<String> FIELDS =
      List.of("id", "host", "slots", "free", "running", "draining", "incarnation", "lastSeen");

  @Mixin private final ApiOptions options = new ApiOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    JsonNode answer = options.api().get("/v1/workers");
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(answer.toPrettyString());
    } else {
      var headings = new ArrayList<>(FIELDS.stream().map(String::toUpperCase).toList());
      headings.addAll(List.of("CONTAINERS", "DISK FREE", "UNAVAILABLE"));
      var table = new Table(headings);
      for (JsonNode worker : answer.path("workers")) {
        table.row(row(worker));
      }
      table.print(out);
    }
    out.flush();
    return ExitCodes.OK;
  }

  private static List<String> row(JsonNode worker) {
    var cells =
        new ArrayList<>(FIELDS.stream().map(field -> worker.path(field).asText("")).toList());
    cells.add(worker.path("containers").asBoolean() ? "yes" : "no");
    cells.add(Telling.disk(worker.path("disk")));
    cells.add(Telling.unavailable(worker.path("unavailable")));
    return cells;
  }
}
