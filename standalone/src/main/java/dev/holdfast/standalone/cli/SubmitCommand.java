package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    description = "Submit a job. Everything after -- is its command, run without a shell.",
    footer = {
      "%nExamples:",
      "  holdfast submit --wait -- sh -c 'echo hello'",
      "  holdfast submit --repo ~/src/app --ref main --key fix-42 --file prompt.md=p.md \\",
      "      --secret api-key=API_KEY -- sh -c 'agent < \"$HOLDFAST_FILES/prompt.md\"'",
    })
final class SubmitCommand implements Callable<Integer> {
  @Mixin private final ApiOptions options = new ApiOptions();
  @Mixin private final SubmitOptions given = new SubmitOptions();
  @Mixin private final SchedulingOptions scheduling = new SchedulingOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--repo",
      paramLabel = "PATH_OR_URL",
      description = "Repository to work on; a path is made absolute.")
  private @Nullable String repo;

  @Option(names = "--ref", description = "Branch, tag or commit (default: the default branch).")
  private @Nullable String ref;

  @Option(
      names = "--credentials",
      paramLabel = "SECRET",
      description = "Name of the secret with which the repository is fetched.")
  private @Nullable String credentials;

  @Option(
      names = "--index",
      paramLabel = "KIND",
      description = "Code index that it can search: lucene or cidx.")
  private @Nullable String index;

  @Option(
      names = "--resume",
      description = "Begin with the unfinished changes of a lost attempt, if there are any.")
  private boolean resume;

  @Option(
      names = "--key",
      description = "Idempotency key: submitting again with the same key gives the same job.")
  private @Nullable String key;

  @Option(names = "--priority", description = "0 (last) to 9 (first), default 5.")
  private @Nullable Integer priority;

  @Option(names = "--env", paramLabel = "NAME=VALUE", description = "Environment of the job.")
  private Map<String, String> env = new HashMap<>();

  @Option(names = "--label", paramLabel = "NAME=VALUE", description = "Label to find it by.")
  private Map<String, String> labels = new HashMap<>();

  @Option(names = "--heartbeat", paramLabel = "DURATION", description = "Its own heartbeat.")
  private @Nullable String heartbeat;

  @Option(names = "--stale-after", paramLabel = "DURATION", description = "Its own stale-after.")
  private @Nullable String staleAfter;

  @Option(names = "--handler", description = "A handler in the worker, instead of a command.")
  private @Nullable String handler;

  @Option(
      names = "--wait",
      description = "Show the job's output and wait for its end; exit code 0 if it succeeded.")
  private boolean wait;

  @Option(names = "--json", description = "Print the job as JSON.")
  private boolean json;

  @Parameters(paramLabel = "COMMAND", description = "The command and its arguments.")
  private List<String> command = List.of();

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec here = Objects.requireNonNull(spec);
    PrintWriter out = here.commandLine().getOut();
    if (command.isEmpty() == (handler == null)) {
      throw new ParameterException(
          here.commandLine(), "give a command after --, or a handler with --handler, not both");
    }
    Api api = options.api();
    ObjectNode body;
    try {
      body = body();
    } catch (WrongOption e) {
      throw new ParameterException(here.commandLine(), e.getMessage(), e);
    }
    JsonNode job =
        api.post("/v1/jobs", key == null ? Map.of() : Map.of("Idempotency-Key", key), body);
    String id = job.path("id").asText();
    if (wait) {
      here.commandLine().getErr().println("job " + id);
      here.commandLine().getErr().flush();
      return new JobFollower(api, here.commandLine().getErr()).follow(id);
    }
    out.println(json ? job.toPrettyString() : id);
    out.flush();
    return ExitCodes.OK;
  }

  private ObjectNode body() {
    ObjectNode body = Api.JSON.createObjectNode();
    if (handler != null) {
      body.put("handler", handler);
    } else {
      command.forEach(body.putArray("command")::add);
    }
    if (repo != null) {
      ObjectNode repository = body.putObject("repository").put("url", absolute(repo));
      if (ref != null) {
        repository.put("ref", ref);
      }
      if (credentials != null) {
        repository.put("credentials", credentials);
      }
      if (index != null) {
        repository.put("index", index);
      }
      if (resume) {
        repository.put("resume", "saved-work");
      }
    } else if (ref != null || credentials != null || index != null || resume) {
      throw new WrongOption(
          "--ref, --credentials, --index and --resume are about a repository: give --repo, too");
    }
    if (!env.isEmpty()) {
      env.forEach(body.putObject("env")::put);
    }
    if (!labels.isEmpty()) {
      labels.forEach(body.putObject("labels")::put);
    }
    if (priority != null) {
      body.put("priority", priority);
    }
    given.into(body);
    scheduling.into(body);
    if (heartbeat != null || staleAfter != null) {
      body.putObject("liveness")
          .put("heartbeat", SubmitOptions.iso("--heartbeat", heartbeat == null ? "30s" : heartbeat))
          .put(
              "staleAfter",
              SubmitOptions.iso("--stale-after", staleAfter == null ? "120s" : staleAfter));
    }
    return body;
  }

  private static String absolute(String repo) {
    Path path = Path.of(repo);
    return !repo.contains("://") && Files.exists(path)
        ? path.toAbsolutePath().normalize().toString()
        : repo;
  }
}
