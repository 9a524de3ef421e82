package dev.holdfast.coordinator.stream;

import dev.holdfast.coordinator.cell.CellRules;
import dev.holdfast.schemas.topic.CellTopic;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/** The topology of a coordinator: three sources, one processor, four sinks, five stores. */
final class CellTopology {
  static final String LIVING = "living";
  static final String WORKERS = "workers";
  static final String COUNTERS = "counters";
  static final String CONTROLS = "controls";
  static final String ENDED = "ended";

  static final String EVENTS_SINK = "events-sink";
  static final String ORDERS_SINK = "orders-sink";
  static final String LEASES_SINK = "leases-sink";
  static final String DEAD_LETTERS_SINK = "dead-letters-sink";

  /** A repeated submission is recognised this long after its job ended; as long as events live. */
  static final Duration REMEMBERED = Duration.ofDays(30);

  private static final String PROCESSOR = "cell";

  private static final Map<String, String> CHANGELOG =
      Map.of(
          "segment.bytes", Integer.toString(16 * 1024 * 1024), "min.cleanable.dirty.ratio", "0.3");

  private CellTopology() {}

  static Topology build(String cell, CellRules rules, Clock clock, CellMetrics metrics) {
    var text = Serdes.String();
    var bytes = Serdes.ByteArray();
    return new Topology()
        .addSource(
            "inputs",
            text.deserializer(),
            bytes.deserializer(),
            CellTopic.COMMANDS.in(cell),
            CellTopic.REPORTS.in(cell),
            CellTopic.WORKERS.in(cell))
        .addProcessor(PROCESSOR, () -> new CellProcessor(cell, rules, clock, metrics), "inputs")
        .addStateStore(keyValue(LIVING), PROCESSOR)
        .addStateStore(keyValue(WORKERS), PROCESSOR)
        .addStateStore(keyValue(COUNTERS), PROCESSOR)
        .addStateStore(keyValue(CONTROLS), PROCESSOR)
        .addStateStore(ended(), PROCESSOR)
        .addSink(
            EVENTS_SINK,
            CellTopic.EVENTS.in(cell),
            text.serializer(),
            bytes.serializer(),
            PROCESSOR)
        .addSink(
            ORDERS_SINK,
            CellTopic.ORDERS.in(cell),
            text.serializer(),
            bytes.serializer(),
            PROCESSOR)
        .addSink(
            LEASES_SINK,
            CellTopic.HEARTBEATS.in(cell),
            text.serializer(),
            bytes.serializer(),
            PROCESSOR)
        .addSink(
            DEAD_LETTERS_SINK,
            CellTopic.DEAD_LETTERS.in(cell),
            text.serializer(),
            bytes.serializer(),
            PROCESSOR);
  }

  /**
   * In memory: the living jobs of a cell are few, and after a crash the changelog is replayed
   * anyway.
   */
  private static StoreBuilder<KeyValueStore<String, byte[]>> keyValue(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(CHANGELOG);
  }

  /** On disk, by day: jobs that have ended are many, looked up one by one, and forgotten by age. */
  private static StoreBuilder<WindowStore<String, byte[]>> ended() {
    return Stores.windowStoreBuilder(
            Stores.persistentWindowStore(ENDED, REMEMBERED, Duration.ofDays(1), false),
            Serdes.String(),
            Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(CHANGELOG);
  }
}
