package dev.holdfast.monitor.stream;

import dev.holdfast.monitor.liveness.LeaseWatch;
import dev.holdfast.monitor.liveness.Stage;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.topic.CellTopic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process's watches show to the outside: metrics, and whether their clocks go. Each
 * partition's figures are written by its stream thread, once a tick; anyone reads.
 */
final class MonitorFigures {
  /** How things stood when a partition's newest tick was read. */
  private record Snapshot(long tickedNanos, long clockMs, Map<Stage, Integer> leases) {}

  private final MeterRegistry registry;
  private final Map<Integer, Snapshot> partitions = new ConcurrentHashMap<>();
  private final Counter ticks;
  private final Counter massSilences;
  private final Counter deadLetters;

  MonitorFigures(MeterRegistry registry) {
    this.registry = registry;
    this.ticks = registry.counter("holdfast.ticks");
    this.massSilences = registry.counter("holdfast.mass.silences");
    this.deadLetters = registry.counter("holdfast.dead.letters");
    for (Stage stage : Stage.values()) {
      String name = stage.name().toLowerCase(Locale.ROOT).replace('_', '-');
      Gauge.builder("holdfast.leases", this, figures -> figures.leases(stage))
          .tags(Tags.of("stage", name))
          .description("open leases, by how long they have been silent")
          .register(registry);
    }
    for (int partition = 0; partition < CellTopic.HEARTBEATS.partitions(); partition++) {
      int number = partition;
      Gauge.builder("holdfast.log.clock", this, figures -> figures.clockSeconds(number))
          .tags(Tags.of("partition", Integer.toString(number)))
          .baseUnit("seconds")
          .description("the log's own clock; not a number where another monitor keeps it")
          .register(registry);
    }
  }

  void begun(int partition, LeaseWatch watch, long nowNanos) {
    var leases = new EnumMap<Stage, Integer>(Stage.class);
    for (Stage stage : Stage.values()) {
      leases.put(stage, watch.count(stage));
    }
    partitions.put(partition, new Snapshot(nowNanos, watch.clock().elapsedMs(), leases));
  }

  void ticked(int partition, LeaseWatch watch, long nowNanos) {
    ticks.increment();
    begun(partition, watch, nowNanos);
  }

  void ended(int partition) {
    partitions.remove(partition);
  }

  void proposed(JobCommand proposal) {
    registry.counter("holdfast.proposals", "type", proposal.getClass().getSimpleName()).increment();
  }

  void massSilence() {
    massSilences.increment();
  }

  void deadLetter() {
    deadLetters.increment();
  }

  /** A partition of ours whose clock has not moved for longer than that; empty if all go. */
  Optional<String> stoppedClock(Duration longest, long nowNanos) {
    return partitions.entrySet().stream()
        .filter(entry -> nowNanos - entry.getValue().tickedNanos() > longest.toNanos())
        .findFirst()
        .map(entry ->
            "no tick has come back on partition "
                + entry.getKey()
                + " for "
                + Duration.ofNanos(nowNanos - entry.getValue().tickedNanos()).toSeconds()
                + " s");
  }

  private double leases(Stage stage) {
    return partitions.values().stream()
        .mapToInt(snapshot -> snapshot.leases().getOrDefault(stage, 0))
        .sum();
  }

  private double clockSeconds(int partition) {
    Snapshot snapshot = partitions.get(partition);
    return snapshot == null ? Double.NaN : snapshot.clockMs() / 1000.0;
  }
}
