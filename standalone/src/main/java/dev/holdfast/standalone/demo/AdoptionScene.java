package dev.holdfast.standalone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** kill -9 of the worker that runs a job: the restarted worker adopts it. */
final class AdoptionScene {

  private final Stage stage;
  private final Story story;
  private final Duration patience;
  private final int steps;

  AdoptionScene(Stage stage) {
    this.stage = stage;
    this.story = stage.story();
    this.patience = stage.pace().patience();
    this.steps = stage.pace().stepsPastALease();
  }

  void play() throws InterruptedException {
    story.heading("1. A worker is killed with -9 while it runs a job, and comes back");
    DemoJob job = stage.submit("demo-adopt", Scripts.editing(steps), Map.of());
    job.awaitLines(10, patience);
    JsonNode before = job.get();
    String worker = before.path("worker").asText();
    String process = Scripts.processOf(job.lines().getFirst());
    story.tell(
        "job "
            + job.id()
            + " runs on "
            + worker
            + " as process "
            + process
            + ", attempt "
            + before.path("attempt").asInt());
    story.tell("kill -9 of " + worker);
    long killedNanos = System.nanoTime();
    stage.supervisor().kill(worker);
    JsonNode adopted = job.awaitEvent("adopted", patience);
    Duration recovery = Duration.ofNanos(System.nanoTime() - killedNanos);
    story.tell(
        "adopted by incarnation "
            + adopted.path("incarnation").asLong()
            + " of "
            + worker
            + " after "
            + recovery.toMillis()
            + " ms: "
            + adopted.path("cause").path("why").asText());
    JsonNode ended = job.awaitEnd(patience);
    byte[] expected = Scripts.expectedOutput(steps, process, 1).getBytes(UTF_8);
    boolean exact = Arrays.equals(expected, job.output());
    JsonNode changes = job.result().path("changes");
    story.tell(
        "it ended with exit code "
            + ended.path("exitCode").asText()
            + "; "
            + expected.length
            + " bytes of output, "
            + (exact ? "each there once" : "NOT as expected")
            + "; its result: "
            + changes.path("commits").asInt()
            + " commits, "
            + changes.path("insertions").asInt()
            + " lines added");
    story.found(
        new Finding(
            Claim.ADOPTED,
            job.id(),
            ended.path("attempt").asText(),
            "worker killed, job adopted: same process, same attempt, exit code "
                + ended.path("exitCode").asText(),
            recovery,
            exact && job.checksumEqual() ? "checksum equal" : "DIFFERS",
            exact
                && job.checksumEqual()
                && ended.path("state").asText().equals("SUCCEEDED")
                && ended.path("exitCode").asInt(-1) == 0
                && ended.path("attempt").asInt() == 1
                && changes.path("commits").asInt(-1) == Scripts.expectedCommits()
                && changes.path("insertions").asInt() == steps));
  }
}
