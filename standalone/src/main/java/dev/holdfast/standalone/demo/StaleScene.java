package dev.holdfast.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A worker killed for good: its job freezes, turns stale, and goes on elsewhere under a new token.
 */
final class StaleScene {

  private final Stage stage;
  private final Story story;
  private final Duration patience;
  private final int steps;
  private final Path notes;
  private String frozenJob = "";
  private long frozenProcess;

  StaleScene(Stage stage, Path notes) {
    this.stage = stage;
    this.story = stage.story();
    this.patience = stage.pace().patience();
    this.steps = stage.pace().stepsPastALease();
    this.notes = notes;
  }

  void play() throws InterruptedException {
    story.heading("2. A worker is killed for good");
    DemoJob job =
        stage.submit(
            "demo-stale", Scripts.noting(steps), Map.of(Scripts.STEPS_FILE, notes.toString()));
    frozenJob = job.id();
    job.awaitLines(5, patience);
    JsonNode before = job.get();
    String worker = before.path("worker").asText();
    long firstToken = before.path("token").asLong();
    frozenProcess = Long.parseLong(Scripts.processOf(job.lines().getFirst()));
    story.tell(
        "job "
            + job.id()
            + " runs on "
            + worker
            + " as process "
            + frozenProcess
            + ", token "
            + firstToken);
    story.tell("kill -9 of " + worker + ", which is not started again");
    long killedNanos = System.nanoTime();
    stage.supervisor().abandon(worker);
    stage.supervisor().kill(worker);
    tellHealth(job, "late");
    awaitFrozen();
    story.tell("its lease ran out: process " + frozenProcess + " is frozen, its work is kept");
    tellHealth(job, "stale");
    JsonNode requeued = job.awaitEvent("requeued", patience);
    story.tell("requeued: " + requeued.path("cause").path("why").asText());
    JsonNode second =
        job.await(
            "attempt 2",
            patience,
            seen -> seen.path("attempt").asInt() == 2 && seen.hasNonNull("worker"));
    Duration recovery = Duration.ofNanos(System.nanoTime() - killedNanos);
    story.tell(
        "attempt 2 under token "
            + second.path("token").asLong()
            + " on "
            + second.path("worker").asText());
    JsonNode ended = job.awaitEnd(patience);
    Gap gap = gap(firstToken);
    story.tell(
        String.format(
            "the job's own notes: token %d stopped at %.2f s, token %d began at %.2f s of uptime;"
                + " nothing of the first in between",
            firstToken, gap.lastOfFirst(), ended.path("token").asLong(), gap.firstOfSecond()));
    boolean exact = job.lines().size() == steps && job.checksumEqual();
    story.found(
        new Finding(
            Claim.REQUEUED,
            job.id(),
            "1, then 2",
            String.format(
                "worker dead for good: frozen, stale, requeued; first process silent %.1f s before"
                    + " the second",
                gap.firstOfSecond() - gap.lastOfFirst()),
            recovery,
            exact ? "checksum equal" : "DIFFERS",
            exact
                && gap.proven()
                && ended.path("state").asText().equals("SUCCEEDED")
                && ended.path("attempt").asInt() == 2
                && ended.path("token").asLong() > firstToken
                && !second.path("worker").asText().equals(worker)));
  }

  private void tellHealth(DemoJob job, String health) throws InterruptedException {
    JsonNode flagged = job.awaitHealth(health, patience);
    story.tell(
        "the monitor flags it " + health + ": " + flagged.path("cause").path("why").asText());
  }

  /** The shim of the dead worker's job ends it: no worker lives there to take it up again. */
  void awaitEndOfFrozen() throws InterruptedException {
    story.tell("waiting for the shim of the dead worker to end what it had frozen");
    long beganNanos = System.nanoTime();
    while (!processState().isEmpty() && System.nanoTime() - beganNanos < patience.toNanos()) {
      Thread.sleep(100);
    }
    boolean gone = processState().isEmpty();
    story.found(
        new Finding(
            Claim.FROZEN_ENDED,
            frozenJob,
            "1",
            "frozen process " + frozenProcess + (gone ? " ended by its shim" : " STILL EXISTS"),
            Duration.ofNanos(System.nanoTime() - beganNanos),
            "-",
            gone));
  }

  private void awaitFrozen() throws InterruptedException {
    long giveUpAt = System.nanoTime() + patience.toNanos();
    while (!processState().equals("T") && !frozenByCgroup()) {
      if (System.nanoTime() > giveUpAt) {
        throw new DemoFailure("process " + frozenProcess + " was not frozen");
      }
      Thread.sleep(20);
    }
  }

  /** A freezer shows in no letter of its own: version 1 says FROZEN, version 2 a 1. */
  private boolean frozenByCgroup() {
    try {
      for (String line :
          Files.readAllLines(Path.of("/proc", Long.toString(frozenProcess), "cgroup"))) {
        String[] parts = line.split(":", 3);
        Path state =
            parts[1].equals("freezer")
                ? Path.of("/sys/fs/cgroup/freezer" + parts[2], "freezer.state")
                : Path.of("/sys/fs/cgroup" + parts[2], "cgroup.freeze");
        boolean ours = parts[1].equals("freezer") || parts[1].isEmpty();
        if (ours && Files.exists(state)) {
          String said = Files.readString(state).strip();
          if (said.equals("FROZEN") || said.equals("1")) {
            return true;
          }
        }
      }
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  /** The kernel's letter for the state of the first process; empty when it is gone. */
  private String processState() {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(frozenProcess), "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    } catch (IOException e) {
      return "";
    }
  }

  /** When the attempts were at work, in seconds since the machine started. */
  private record Gap(double lastOfFirst, double firstOfSecond) {
    boolean proven() {
      return lastOfFirst < firstOfSecond;
    }
  }

  private Gap gap(long firstToken) {
    List<String[]> taken;
    try {
      taken = Files.readAllLines(notes).stream().map(line -> line.split(" ")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    double last = 0;
    double first = Double.MAX_VALUE;
    for (String[] step : taken) {
      double at = Double.parseDouble(step[1]);
      if (Long.parseLong(step[0]) == firstToken) {
        last = Math.max(last, at);
      } else {
        first = Math.min(first, at);
      }
    }
    return new Gap(last, first);
  }
}
