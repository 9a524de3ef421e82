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

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List jobs, the newest first.")
final class ListCommand implements Callable<Integer> {
  @Mixin private final ApiOptions options = new ApiOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--status",
      paramLabel = "STATE",
      description = "Only jobs in this state, e.g. QUEUED, RUNNING, FAILED.")
  private @Nullable String status;

  @Option(names = "--limit", description = "How many (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    String path = "/v1/jobs?limit=" + limit + (status == null ? "" : "&status=" + Api.part(status));
    JsonNode page = options.api().get(path);
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(page.toPrettyString());
    } else {
      var table =
          new Table(
              List.of(
                  "JOB",
                  "STATE",
                  "PHASE",
                  "HEALTH",
                  "ATTEMPT",
                  "WORKER",
                  "EXIT",
                  "SUBMITTED",
                  "PROGRESS"));
      for (JsonNode job : page.path("jobs")) {
        table.row(row(job));
      }
      table.print(out);
      if (!page.path("next").isMissingNode() && !page.path("next").isNull()) {
        out.println("(there are more: --limit)");
      }
    }
    out.flush();
    return ExitCodes.OK;
  }

  private static List<String> row(JsonNode job) {
    var cells = new ArrayList<String>();
    for (String field :
        List.of("id", "state", "phase", "health", "attempt", "worker", "exitCode", "submittedAt")) {
      cells.add(job.path(field).asText("").replace("null", ""));
    }
    cells.add(Telling.progress(job.path("progress")));
    return cells;
  }
}
