package dev.holdfast.standalone.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Print a job's output: its stdout to stdout, its stderr to stderr.")
final class LogsCommand implements Callable<Integer> {
  @Mixin private final ApiOptions options = new ApiOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "ID", description = "The job's id.")
  private String id = "";

  @Option(
      names = {"-f", "--follow"},
      description = {
        "Go on until the job, or the attempt that is asked for, has ended;",
        "survives restarts of the gateway.",
      })
  private boolean follow;

  @Option(names = "--attempt", description = "An earlier attempt (default: the newest).")
  private @Nullable Integer attempt;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Api api = options.api();
    var follower = new JobFollower(api, Objects.requireNonNull(spec).commandLine().getErr());
    if (follow && attempt != null) {
      follower.show(id, attempt);
    } else if (follow) {
      follower.follow(id);
    } else {
      copy(api, "stdout", System.out);
      copy(api, "stderr", System.err);
    }
    return ExitCodes.OK;
  }

  private void copy(Api api, String stream, OutputStream to) throws IOException {
    String path =
        "/v1/jobs/"
            + Api.part(id)
            + "/output?stream="
            + stream
            + (attempt == null ? "" : "&attempt=" + attempt);
    try (InputStream body = api.stream(path, Map.of()).body()) {
      body.transferTo(to);
    }
    to.flush();
  }
}
