package dev.holdfast.gateway.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.Logged;
import dev.holdfast.gateway.log.Subscribers;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.cell.Control;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.codec.SpecDigest;
import dev.holdfast.schemas.job.Cause;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.QueueRank;
import dev.holdfast.schemas.job.Scheduling;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.worker.WorkerId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places are those that a queue would give that takes the best job out, one by one. */
class ReadyPlacesTest {
  private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");
  private static final int JOBS = 120;

  @TempDir Path directory;

  /** A job in the naive queue. */
  private record Waiting(String id, String owner, String pool, long rank, long sequence) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void areThoseOfANaiveQueue(long seed) {
    var random = new Random(seed);
    Map<String, Integer> weights = new HashMap<>();
    Map<String, Integer> running = new HashMap<>();
    List<Waiting> waiting = new ArrayList<>();
    try (JobsView view =
        JobsView.open(
            directory.resolve("jobs.db"), new Subscribers<>(), new Subscribers<>(), () -> START)) {
      var log = new Logged(view);
      for (int owner = 0; owner < 3; owner++) {
        var weight = new Control.Weight("owner-" + owner, 1 + random.nextInt(3));
        weights.put(weight.owner(), weight.weight());
        var set = new CellEvent.ControlSet(START, Cause.by("ann"), weight);
        log.tell(List.of(new Logged.Entry("~" + set.subject(), Serdes.CELL_EVENT.write(set))));
      }
      for (int sequence = 1; sequence <= JOBS; sequence++) {
        JobEvent.Submitted submitted = submitted(random, sequence);
        var events = new ArrayList<JobEvent>(List.of(submitted));
        String owner = submitted.spec().schedulingOrNone().owner();
        if (random.nextInt(4) == 0) {
          events.add(
              new JobEvent.Assigned(
                  submitted.job(),
                  START,
                  Cause.by("coordinator"),
                  1,
                  new Token(sequence),
                  1,
                  new WorkerId("w"),
                  1,
                  1));
          running.merge(owner, 1, Integer::sum);
        } else {
          waiting.add(
              new Waiting(
                  submitted.job().value(),
                  owner,
                  submitted.spec().schedulingOrNone().poolOrDefault(),
                  QueueRank.of(submitted.spec().priority(), submitted.at()),
                  sequence));
        }
        log.tell(
            events.stream()
                .map(event -> new Logged.Entry(event.job().value(), Serdes.EVENT.write(event)))
                .toList());
      }

      for (String pool : List.of("default", "gpu")) {
        List<String> expected = naive(pool, waiting, running, weights);
        for (int place = 1; place <= expected.size(); place++) {
          String id = expected.get(place - 1);
          assertThat(view.queries().find(new JobId(id)).orElseThrow().position())
              .as("seed %d, job %s of pool %s", seed, id, pool)
              .isEqualTo(place);
        }
      }
    }
  }

  private static JobEvent.Submitted submitted(Random random, int sequence) {
    var scheduling =
        new Scheduling(
            "owner-" + random.nextInt(3),
            random.nextBoolean() ? "default" : "gpu",
            new TreeMap<>(),
            null,
            null,
            null);
    var spec =
        new JobSpec(
            List.of("true"),
            null,
            null,
            new TreeMap<>(),
            new TreeMap<>(),
            random.nextInt(10),
            Timeouts.NONE,
            null,
            new TreeMap<>(),
            List.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            scheduling,
            List.of(),
            null,
            null);
    return new JobEvent.Submitted(
        new JobId("job-" + sequence),
        START.plusSeconds(sequence * 20L),
        Cause.by("http"),
        spec,
        SpecDigest.of(spec),
        sequence);
  }

  private static List<String> naive(
      String pool,
      List<Waiting> all,
      Map<String, Integer> runningNow,
      Map<String, Integer> weights) {
    var running = new HashMap<>(runningNow);
    var left = new ArrayList<>(all.stream().filter(job -> job.pool().equals(pool)).toList());
    var order = new ArrayList<String>();
    while (!left.isEmpty()) {
      Waiting next =
          left.stream()
              .min(
                  Comparator.<Waiting>comparingDouble(job ->
                          (double) running.getOrDefault(job.owner(), 0)
                              / weights.getOrDefault(job.owner(), 1))
                      .thenComparingLong(Waiting::rank)
                      .thenComparingLong(Waiting::sequence))
              .orElseThrow();
      left.remove(next);
      running.merge(next.owner(), 1, Integer::sum);
      order.add(next.id());
    }
    return order;
  }
}
