package dev.holdfast.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.worker.workspace.Journal.Operation;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills worker processes with SIGKILL at seeded instants of clone, fetch, checkout and bundle, over
 * a real HTTP server, one process for each kill; what the next process makes of it must be whole,
 * every time.
 */
class KilledPreparationTest {

  private static final long SEED = 20260501;
  private static final int LANES = 4;

  /** In each lane, of each of the four operations. */
  private static final int HITS = Integer.getInteger("holdfast.git.kills", 3);

  private static final int MOST_ROUNDS = 3 * HITS * KillingLane.OPERATIONS.size();
  private static final int COMMITS = 2000;

  @TempDir Path temporary;

  @Test
  void leavesNoBrokenWorkspaceWhereverItIsKilled() throws Exception {
    Path real = temporary.toRealPath();
    Path served = real.resolve("served");
    LongHistory history = LongHistory.create(served.resolve("lane0.git"), COMMITS);
    for (int lane = 1; lane < LANES; lane++) {
      GitCli.git(served, "clone", "-q", "--bare", "lane0.git", "lane" + lane + ".git");
    }
    VictimClasses classes = VictimClasses.in(real);
    boolean traces = Strace.works();
    List<KillingLane> lanes = new ArrayList<>();
    try (GitHttpServer server = new GitHttpServer(served);
        ExecutorService threads = Executors.newFixedThreadPool(LANES)) {
      for (int lane = 0; lane < LANES; lane++) {
        String name = "lane" + lane + ".git";
        var setting =
            new KillingLane.Setting(
                Files.createDirectory(real.resolve("lane" + lane)),
                new LongHistory(served.resolve(name), history.commits()),
                server.url("", "/open/" + name),
                classes,
                traces);
        lanes.add(new KillingLane(setting, SEED + lane));
      }
      try {
        lanes.getFirst().learn();
        List<Future<?>> running = new ArrayList<>();
        for (KillingLane lane : lanes) {
          lane.spansNs().putAll(lanes.getFirst().spansNs());
          running.add(
              threads.submit(() -> {
                lane.run(HITS, MOST_ROUNDS);
                return null;
              }));
        }
        for (Future<?> lane : running) {
          lane.get();
        }
      } finally {
        threads.shutdownNow();
        for (KillingLane lane : lanes) {
          lane.close();
        }
      }
    }
    requireEnough(lanes);
  }

  private static void requireEnough(List<KillingLane> lanes) {
    int kills = lanes.stream().mapToInt(KillingLane::kills).sum();
    Map<Operation, Integer> hits = new TreeMap<>();
    for (Operation operation : KillingLane.OPERATIONS) {
      hits.put(operation, lanes.stream().mapToInt(lane -> lane.hits(operation)).sum());
    }
    System.out.printf(
        "git: %d SIGKILLs of seed %d, of which these were in the middle of an operation: %s;"
            + " 0 broken workspaces; %s%n",
        kills,
        SEED,
        hits,
        lanes.stream().map(lane -> counts(lane.registry())).collect(Collectors.joining("; ")));
    assertThat(kills).isGreaterThanOrEqualTo(LANES * KillingLane.OPERATIONS.size() * HITS);
    assertThat(hits.values())
        .as("clone, fetch, checkout and bundle were all hit")
        .allSatisfy(count -> assertThat(count).isGreaterThanOrEqualTo(LANES * HITS));
  }

  private static String counts(SimpleMeterRegistry registry) {
    return registry.getMeters().stream()
        .map(KilledPreparationTest::count)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String count(Meter meter) {
    String tags =
        meter.getId().getTags().stream().map(tag -> tag.getValue()).collect(Collectors.joining());
    return "%s %s %.0f"
        .formatted(
            meter.getId().getName().replace("holdfast.worker.git.", ""),
            tags,
            meter.measure().iterator().next().getValue());
  }
}
