package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    name = "result",
    mixinStandardHelpOptions = true,
    description = "Show what a job changed in its repository, and fetch the files.",
    footer = {
      "%nTo take a job's commits into your clone:",
      "  holdfast result ID --to /tmp/r && git fetch /tmp/r/changes.bundle"
          + " 'refs/heads/*:refs/heads/*'",
    })
final class ResultCommand implements Callable<Integer> {
  @Mixin private final ApiOptions options = new ApiOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "ID", description = "The job's id.")
  private String id = "";

  @Option(names = "--to", paramLabel = "DIR", description = "Write the result's files here.")
  private @Nullable Path to;

  @Override
  public Integer call() throws IOException {
    Api api = options.api();
    String path = "/v1/jobs/" + Api.part(id) + "/result";
    JsonNode result = api.get(path);
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(result.toPrettyString());
    if (to != null) {
      Files.createDirectories(to);
      for (JsonNode file : result.path("files")) {
        String name = Path.of(file.path("name").asText()).getFileName().toString();
        Path target = to.resolve(name);
        try (InputStream body = api.stream(path + "/" + Api.part(name), Map.of()).body()) {
          Files.copy(body, target, StandardCopyOption.REPLACE_EXISTING);
        }
        out.println(target);
      }
    }
    out.flush();
    return ExitCodes.OK;
  }
}
