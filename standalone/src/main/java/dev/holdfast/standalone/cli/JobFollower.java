package dev.holdfast.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Shows a job's output while it runs, and waits for its end. */
final class JobFollower {
  private static final Set<String> TERMINAL =
      Set.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT");
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Api api;
  private final PrintWriter err;

  JobFollower(Api api, PrintWriter err) {
    this.api = api;
    this.err = err;
  }

  /** Copies both streams until the job has ended; the exit code tells whether it succeeded. */
  int follow(String id) throws InterruptedException {
    show(id, null);
    JsonNode job = awaitEnd(id);
    String state = job.path("state").asText();
    String reason = job.path("reason").asText("");
    err.println("job " + id + " " + state + (reason.isEmpty() ? "" : ": " + reason));
    err.flush();
    return state.equals("SUCCEEDED") ? ExitCodes.OK : ExitCodes.FAILED;
  }

  /** Copies both streams of one attempt until it has ended; null for all from the newest on. */
  void show(String id, @Nullable Integer attempt) throws InterruptedException {
    var errors = new FutureTask<Void>(() -> copy(id, "stderr", attempt, System.err), null);
    Thread.startVirtualThread(errors);
    copy(id, "stdout", attempt, System.out);
    try {
      errors.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  private void copy(String id, String stream, @Nullable Integer attempt, OutputStream to) {
    new OutputFollower(api, id, stream, attempt).copyTo(to);
  }

  /** As patient with a gateway that is away as those who follow the output were. */
  private JsonNode awaitEnd(String id) throws InterruptedException {
    long answeredNanos = System.nanoTime();
    while (true) {
      try {
        JsonNode job = api.get("/v1/jobs/" + Api.part(id));
        if (TERMINAL.contains(job.path("state").asText())) {
          return job;
        }
        answeredNanos = System.nanoTime();
      } catch (ApiFailure e) {
        boolean away = System.nanoTime() - answeredNanos > PATIENCE.toNanos();
        if (e.exitCode() == ExitCodes.REFUSED || away) {
          throw e;
        }
      }
      Thread.sleep(LOOK_EVERY);
    }
  }
}
