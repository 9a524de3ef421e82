package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "locks",
    mixinStandardHelpOptions = true,
    description = "List the locks that jobs hold or wait for.")
final class LocksCommand implements Callable<Integer> {
  @Mixin private final Controlling controlling = new Controlling();

  @Override
  public Integer call() {
    JsonNode answer = controlling.locks();
    PrintWriter out = controlling.out();
    if (controlling.asJson()) {
      out.println(answer.toPrettyString());
    } else {
      var table = new Table(List.of("LOCK", "PERMITS", "JOB", "IS", "STATE", "SINCE", "TOKEN"));
      for (JsonNode lock : answer.path("locks")) {
        lock.path("holders").forEach(job -> table.row(row(lock, job, "holder")));
        lock.path("waiters").forEach(job -> table.row(row(lock, job, "waiter")));
      }
      table.print(out);
    }
    out.flush();
    return ExitCodes.OK;
  }

  private static List<String> row(JsonNode lock, JsonNode job, String is) {
    return List.of(
        lock.path("name").asText(),
        job.path("permits").asText() + "/" + lock.path("permits").asText(),
        job.path("job").asText(),
        is,
        job.path("state").asText(),
        job.path("since").asText(),
        job.path("token").asText(""));
  }
}
