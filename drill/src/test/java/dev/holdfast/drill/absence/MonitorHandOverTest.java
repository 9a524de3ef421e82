package dev.holdfast.drill.absence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.topic.CellTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One of two monitors is killed or frozen: the other watches all partitions, takes nobody for dead
 * who lives, and finds who is silent.
 */
@Tag("long")
@ExtendWith(SharedPair.class)
class MonitorHandOverTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int JOBS = 16;

  /** As long as a log's clock must go on to find whoever fell silent when it was handed over. */
  private static final double STALE_AFTER_S = PairedCell.HEARTBEAT.toSeconds() * 5 + 1;

  @Test
  void ofAKilledOneMakesNobodyStale(PairedCell cell) throws Exception {
    try (var decisions = new Decisions(cell.bootstrap())) {
      List<JobId> jobs = running(cell, decisions, "monitor-killed");

      cell.kill("monitor-a");
      try {
        awaitClocks(cell, "monitor-b");
      } finally {
        cell.startAgain("monitor-a");
      }
      cell.awaitBoth("monitor");
      awaitClocksOfBoth(cell);

      assertThat(flags(decisions, jobs)).isEmpty();
      System.out.printf("monitor killed: %d jobs watched on, none flagged%n", jobs.size());
      end(cell, jobs);
    }
  }

  @Test
  void ofAFrozenOneFindsTheJobsOfAFrozenWorkerAndNoOthers(PairedCell cell) throws Exception {
    try (var decisions = new Decisions(cell.bootstrap())) {
      List<JobId> jobs = running(cell, decisions, "monitor-frozen");
      List<JobId> silent =
          jobs.stream().filter(job -> holder(decisions, job).equals("worker-2")).toList();
      List<JobId> healthy = jobs.stream().filter(job -> !silent.contains(job)).toList();
      assertThat(silent).isNotEmpty();
      assertThat(healthy).isNotEmpty();

      cell.signal("STOP", "worker-2");
      cell.signal("STOP", "monitor-b");
      try {
        awaitClocks(cell, "monitor-a");
        await("all of worker-2's jobs to run elsewhere")
            .atMost(PATIENCE)
            .until(
                () -> silent.stream().allMatch(job -> holder(decisions, job).equals("worker-1")));
      } finally {
        cell.signal("CONT", "monitor-b");
        cell.signal("CONT", "worker-2");
      }
      cell.awaitBoth("monitor");
      awaitClocksOfBoth(cell);

      assertThat(flags(decisions, healthy)).isEmpty();
      System.out.printf(
          "monitor frozen: %d jobs of a frozen worker found, %d others not flagged%n",
          silent.size(), healthy.size());
      end(cell, jobs);
    }
  }

  /** Jobs that run until they are cancelled, on both workers. */
  private static List<JobId> running(PairedCell cell, Decisions decisions, String name) {
    List<JobId> jobs =
        IntStream.range(0, JOBS).mapToObj(n -> submit(cell, name + "-" + n)).toList();
    await("all to run")
        .atMost(PATIENCE)
        .until(() ->
            jobs.stream().allMatch(job -> decisions.have(job, JobEvent.Taken.class::isInstance)));
    return jobs;
  }

  private static JobId submit(PairedCell cell, String id) {
    ObjectNode spec = JSON.createObjectNode().put("id", id);
    spec.putArray("command").add("sleep").add("600");
    return new JobId(cell.api().post("/v1/jobs", Map.of(), spec).path("id").asText());
  }

  private static void end(PairedCell cell, List<JobId> jobs) {
    jobs.forEach(
        job -> cell.api().post("/v1/jobs/" + job + "/cancel", Map.of(), JSON.createObjectNode()));
    await("all to be cancelled")
        .atMost(PATIENCE)
        .until(() ->
            jobs.stream()
                .allMatch(job ->
                    cell.api().get("/v1/jobs/" + job).path("state").asText().equals("CANCELLED")));
  }

  private static String holder(Decisions decisions, JobId job) {
    return decisions
        .events(JobEvent.Assigned.class)
        .filter(event -> event.job().equals(job))
        .reduce((earlier, later) -> later)
        .map(event -> event.worker().value())
        .orElse("");
  }

  private static List<JobEvent> flags(Decisions decisions, List<JobId> jobs) {
    return decisions
        .events()
        .filter(event -> jobs.contains(event.job()))
        .filter(
            event -> event instanceof JobEvent.HealthChanged || event instanceof JobEvent.Requeued)
        .toList();
  }

  /** One monitor keeps the clocks of all partitions, and they go on for as long as it takes. */
  private static void awaitClocks(PairedCell cell, String monitor) {
    Map<String, Double> begun =
        await(monitor + " to watch all partitions")
            .atMost(PATIENCE)
            .until(
                () -> clocks(cell, monitor),
                clocks -> clocks.size() == CellTopic.HEARTBEATS.partitions());
    await("its clocks to go on")
        .atMost(PATIENCE)
        .until(() -> haveGoneOn(begun, clocks(cell, monitor)));
  }

  private static void awaitClocksOfBoth(PairedCell cell) {
    Map<String, Double> begun =
        await("all partitions to be watched")
            .atMost(PATIENCE)
            .until(
                () -> clocksOfBoth(cell),
                clocks -> clocks.size() == CellTopic.HEARTBEATS.partitions());
    await("their clocks to go on")
        .atMost(PATIENCE)
        .until(() -> haveGoneOn(begun, clocksOfBoth(cell)));
  }

  private static boolean haveGoneOn(Map<String, Double> before, Map<String, Double> now) {
    return before.entrySet().stream()
        .allMatch(
            clock -> now.getOrDefault(clock.getKey(), 0.0) > clock.getValue() + STALE_AFTER_S);
  }

  private static Map<String, Double> clocks(PairedCell cell, String monitor) {
    return cell.metric(monitor, "holdfast_log_clock_seconds");
  }

  /** A partition that is being handed over may be with both; the newer reading counts. */
  private static Map<String, Double> clocksOfBoth(PairedCell cell) {
    Map<String, Double> clocks = new TreeMap<>(clocks(cell, "monitor-a"));
    clocks(cell, "monitor-b").forEach((partition, at) -> clocks.merge(partition, at, Math::max));
    return clocks;
  }
}
