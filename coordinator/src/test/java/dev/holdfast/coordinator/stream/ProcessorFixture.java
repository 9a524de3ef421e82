package dev.holdfast.coordinator.stream;

import static dev.holdfast.coordinator.stream.InputRecord.CELL;

import dev.holdfast.coordinator.cell.Cell;
import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.coordinator.cell.JobFixtures;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.Job;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/** A processor over stores that outlive it, as they do on a broker. */
final class ProcessorFixture {
  private final MockProcessorContext<String, byte[]> context = new MockProcessorContext<>();
  private final HandClock clock = new HandClock(JobFixtures.START);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final KeyValueStore<String, byte[]> living = keyValue(CellTopology.LIVING);
  private final KeyValueStore<String, byte[]> workers = keyValue(CellTopology.WORKERS);
  private final KeyValueStore<String, byte[]> counters = keyValue(CellTopology.COUNTERS);
  private final KeyValueStore<String, byte[]> controls = keyValue(CellTopology.CONTROLS);
  private final WindowStore<String, byte[]> ended = ended();
  private CellProcessor processor = started();
  private long offset;

  /** Another process takes over. */
  void restart() {
    processor = started();
  }

  void give(CellInput input, Instant now) {
    clock.set(now);
    if (input instanceof CellInput.TimePassed) {
      context
          .scheduledPunctuators()
          .forEach(scheduled -> scheduled.getPunctuator().punctuate(now.toEpochMilli()));
      return;
    }
    InputRecord record = InputRecord.of(input, now);
    context.setRecordMetadata(record.topic(), 0, offset++);
    processor.process(
        new Record<>(record.key(), record.value(), record.timestamp().toEpochMilli()));
  }

  /** What a process that takes over now would begin with. */
  Cell restored() {
    var stores = new CellStores(living, workers, counters, controls, ended);
    stores.at(clock.millis());
    return stores.restore();
  }

  void store(Job job) {
    living.put(job.id().value(), Serdes.JOB.write(job));
  }

  /** Everything that was sent since the last call. */
  List<? extends CapturedForward<? extends String, ? extends byte[]>> sent() {
    var sent = List.copyOf(context.forwarded());
    context.resetForwards();
    return sent;
  }

  double counted(String meter) {
    return registry.counter(meter).count();
  }

  private CellProcessor started() {
    var fresh = new CellProcessor(CELL, JobFixtures.RULES, clock, new CellMetrics(registry));
    fresh.init(context);
    return fresh;
  }

  private KeyValueStore<String, byte[]> keyValue(String name) {
    return open(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), text(), bytes()));
  }

  private WindowStore<String, byte[]> ended() {
    return open(
        Stores.windowStoreBuilder(
            Stores.inMemoryWindowStore(
                CellTopology.ENDED, CellTopology.REMEMBERED, Duration.ofDays(1), false),
            text(),
            bytes()));
  }

  private <S extends StateStore> S open(StoreBuilder<S> builder) {
    S store = builder.withLoggingDisabled().withCachingDisabled().build();
    store.init(context.getStateStoreContext(), store);
    context.addStateStore(store);
    return store;
  }

  private static Serde<String> text() {
    return org.apache.kafka.common.serialization.Serdes.String();
  }

  private static Serde<byte[]> bytes() {
    return org.apache.kafka.common.serialization.Serdes.ByteArray();
  }
}
