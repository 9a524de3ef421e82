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
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = "End a job: its whole process tree, if it runs.")
final class CancelCommand implements Callable<Integer> {
  @Mixin private final ApiOptions options = new ApiOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "ID", description = "The job's id.")
  private String id = "";

  @Option(names = "--reason", description = "Shown in the job's history.")
  private @Nullable String reason;

  @Override
  public Integer call() {
    ObjectNode body = Api.JSON.createObjectNode();
    if (reason != null) {
      body.put("why", reason);
    }
    JsonNode job = options.api().post("/v1/jobs/" + Api.part(id) + "/cancel", Map.of(), body);
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println("job " + id + " " + job.path("state").asText("") + ", cancelled or about to be");
    out.flush();
    return ExitCodes.OK;
  }
}
