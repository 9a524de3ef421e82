package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Set;

/** Shows a job's output while it runs, and waits for its end. */
final class JobFollower {
  private static final Set<String> TERMINAL =
      Set.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT");
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final Api api;
  private final PrintWriter err;

  JobFollower(Api api, PrintWriter err) {
    this.api = api;
    this.err = err;
  }

  /** Copies both streams until the job has ended; the exit code tells whether it succeeded. */
  int follow(String id) throws InterruptedException {
    Thread errors = Thread.startVirtualThread(() -> copy(id, "stderr", System.err));
    copy(id, "stdout", System.out);
    errors.join();
    JsonNode job = awaitEnd(id);
    String state = job.path("state").asText();
    String reason = job.path("reason").asText("");
    err.println("job " + id + " " + state + (reason.isEmpty() ? "" : ": " + reason));
    err.flush();
    return state.equals("SUCCEEDED") ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private void copy(String id, String stream, OutputStream to) {
    new OutputFollower(api, id, stream).copyTo(to);
  }

  private JsonNode awaitEnd(String id) throws InterruptedException {
    while (true) {
      JsonNode job = api.get("/v1/jobs/" + Api.part(id));
      if (TERMINAL.contains(job.path("state").asText())) {
        return job;
      }
      Thread.sleep(LOOK_EVERY);
    }
  }
}
