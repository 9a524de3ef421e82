package dev.holdfast.standalone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The broker is away for longer than stale-after: nobody is taken for dead. */
final class OutageScene {
  private static final int JOBS = 3;

  private final Stage stage;
  private final Story story;
  private final Duration patience;
  private final int steps;
  private final Duration outage;

  OutageScene(Stage stage) {
    this.stage = stage;
    this.story = stage.story();
    this.patience = stage.pace().patience();
    this.steps = stage.pace().stepsPastALease();
    this.outage = stage.pace().staleAfter().multipliedBy(2);
  }

  void play() throws InterruptedException {
    story.heading("3. The broker is killed with -9 for longer than stale-after, with jobs running");
    List<DemoJob> jobs = new ArrayList<>();
    for (int i = 1; i <= JOBS; i++) {
      jobs.add(stage.submit("demo-outage-" + i, Scripts.editing(steps), Map.of()));
    }
    for (DemoJob job : jobs) {
      job.awaitLines(3, patience);
    }
    story.tell(JOBS + " jobs run; kill -9 of the broker for " + outage.toSeconds() + " s");
    stage.supervisor().abandon("broker");
    stage.supervisor().kill("broker");
    Thread.sleep(outage);
    long restartedNanos = System.nanoTime();
    stage.supervisor().start(stage.plan().brokerSpec()).join();
    story.tell("the broker serves again");
    for (DemoJob job : jobs) {
      job.awaitEvent("lease-renewed", patience);
    }
    Duration recovery = Duration.ofNanos(System.nanoTime() - restartedNanos);
    story.tell("every job has its lease again after " + recovery.toMillis() + " ms");
    boolean held = true;
    boolean exact = true;
    for (DemoJob job : jobs) {
      JsonNode ended = job.awaitEnd(patience);
      String process = Scripts.processOf(job.lines().getFirst());
      exact &=
          Arrays.equals(Scripts.expectedOutput(steps, process, 1).getBytes(UTF_8), job.output())
              && job.checksumEqual();
      held &=
          ended.path("state").asText().equals("SUCCEEDED")
              && ended.path("attempt").asInt() == 1
              && job.event("requeued").isEmpty()
              && job.events().stream()
                  .noneMatch(event -> event.path("health").asText().equals("stale"));
    }
    story.found(
        new Finding(
            Claim.OUTLASTED,
            jobs.stream().map(DemoJob::id).collect(Collectors.joining(" ")),
            "1 each",
            "broker away for "
                + outage.toSeconds()
                + " s: frozen, thawed, "
                + (held ? "nothing requeued, nothing stale" : "SOMETHING was requeued or stale"),
            recovery,
            exact ? "checksum equal" : "DIFFERS",
            held && exact));
  }
}
