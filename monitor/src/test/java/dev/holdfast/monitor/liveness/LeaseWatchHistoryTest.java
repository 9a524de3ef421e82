package dev.holdfast.monitor.liveness;

import static dev.holdfast.monitor.liveness.LeaseFixtures.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.lease.LeaseRecord.Heartbeat;
import dev.holdfast.schemas.lease.LeaseRecord.Opened;
import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseWatchHistoryTest {
  private static final int ENTRIES = 6_000;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 60);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void proposesWhatAScanOfAllLeasesWould(long seed) {
    var watch = new LeaseWatch(new InMemoryLeaseTable(), TICK);
    var naive = new NaiveWatch(2 * TICK.toMillis());
    Set<Stage> reached = EnumSet.noneOf(Stage.class);

    int position = 0;
    for (RandomLedger.Entry entry : history(seed)) {
      assertThat(apply(watch, entry))
          .as("seed %d, entry %d: %s", seed, position++, entry)
          .containsExactlyInAnyOrderElementsOf(apply(naive, entry));
      assertThat(watch.open()).isEqualTo(naive.open());
      for (Stage stage : Stage.values()) {
        if (watch.count(stage) > 0) {
          reached.add(stage);
        }
      }
    }

    assertThat(reached).as("a history worth comparing").contains(Stage.LATE, Stage.PROPOSED);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void proposesTheSameWhenItRestartsAnywhere(long seed) {
    List<RandomLedger.Entry> history = history(seed);
    var restarts = new Random(seed);
    var table = new InMemoryLeaseTable();
    var live = new LeaseWatch(new InMemoryLeaseTable(), TICK);
    var restarted = new LeaseWatch(table, TICK);

    for (RandomLedger.Entry entry : history) {
      if (restarts.nextInt(50) == 0) {
        restarted = new LeaseWatch(table, TICK);
      }
      assertThat(apply(restarted, entry)).isEqualTo(apply(live, entry));
    }

    assertThat(countsOf(new LeaseWatch(table, TICK))).isEqualTo(countsOf(live));
  }

  private static Map<Stage, Integer> countsOf(LeaseWatch watch) {
    var counts = new HashMap<Stage, Integer>();
    for (Stage stage : Stage.values()) {
      counts.put(stage, watch.count(stage));
    }
    return counts;
  }

  /** Few jobs make mass silence likely, many make it rare. */
  private static List<RandomLedger.Entry> history(long seed) {
    return new RandomLedger(seed, 2 + (int) (seed % 30)).entries(ENTRIES);
  }

  private static List<JobCommand> apply(LeaseWatch watch, RandomLedger.Entry entry) {
    return switch (entry.value()) {
      case Opened opened -> {
        watch.opened(entry.job(), opened);
        yield List.of();
      }
      case Heartbeat heartbeat -> watch.beat(entry.job(), heartbeat).stream().toList();
      case Tick tick -> watch.ticked(tick).proposals();
      case null -> {
        watch.closed(entry.job());
        yield List.of();
      }
    };
  }

  private static List<JobCommand> apply(NaiveWatch watch, RandomLedger.Entry entry) {
    return switch (entry.value()) {
      case Opened opened -> {
        watch.opened(entry.job(), opened);
        yield List.of();
      }
      case Heartbeat heartbeat -> watch.beat(entry.job(), heartbeat).stream().toList();
      case Tick tick -> new ArrayList<>(watch.ticked(tick));
      case null -> {
        watch.closed(entry.job());
        yield List.of();
      }
    };
  }
}
