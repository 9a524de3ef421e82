package dev.holdfast.monitor.stream;

import dev.holdfast.schemas.topic.CellTopic;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The topology of a monitor: one source, one processor, three sinks, two stores. */
final class MonitorTopology {
  static final String LEASES = "leases";
  static final String CLOCK = "clock";

  static final String COMMANDS_SINK = "commands-sink";
  static final String TICKS_SINK = "ticks-sink";
  static final String DEAD_LETTERS_SINK = "dead-letters-sink";

  private static final String SOURCE = "ledger";
  private static final String PROCESSOR = "watch";

  private static final Map<String, String> CHANGELOG =
      Map.of(
          "segment.bytes", Integer.toString(16 * 1024 * 1024), "min.cleanable.dirty.ratio", "0.2");

  private MonitorTopology() {}

  /**
   * Wires the topology of one cell.
   *
   * @param tick interval of the cell's ticks
   * @param nanos a monotonic clock, for the ticks
   */
  static Topology build(String cell, Duration tick, LongSupplier nanos, MonitorFigures figures) {
    var text = Serdes.String();
    var bytes = Serdes.ByteArray();
    return new Topology()
        .addSource(SOURCE, text.deserializer(), bytes.deserializer(), CellTopic.HEARTBEATS.in(cell))
        .addProcessor(PROCESSOR, () -> new LedgerProcessor(tick, nanos, figures), SOURCE)
        .addStateStore(store(LEASES), PROCESSOR)
        .addStateStore(store(CLOCK), PROCESSOR)
        .addSink(
            COMMANDS_SINK,
            CellTopic.COMMANDS.in(cell),
            text.serializer(),
            bytes.serializer(),
            PROCESSOR)
        .addSink(
            TICKS_SINK,
            CellTopic.HEARTBEATS.in(cell),
            text.serializer(),
            bytes.serializer(),
            new TickPartitioner(),
            PROCESSOR)
        .addSink(
            DEAD_LETTERS_SINK,
            CellTopic.DEAD_LETTERS.in(cell),
            text.serializer(),
            bytes.serializer(),
            PROCESSOR);
  }

  /**
   * In memory: open leases are few, and after a crash the changelog is replayed anyway. Not cached:
   * a lease is rarely written twice between two commits.
   */
  private static StoreBuilder<KeyValueStore<String, byte[]>> store(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
        .withCachingDisabled()
        .withLoggingEnabled(CHANGELOG);
  }
}
