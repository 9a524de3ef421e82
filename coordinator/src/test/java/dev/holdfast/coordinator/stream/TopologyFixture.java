package dev.holdfast.coordinator.stream;

import static dev.holdfast.coordinator.stream.InputRecord.CELL;

import dev.holdfast.coordinator.cell.CellInput;
import dev.holdfast.coordinator.cell.JobFixtures;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.topic.CellTopic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology, driven without a broker. */
final class TopologyFixture implements AutoCloseable {
  private final HandClock clock = new HandClock(JobFixtures.START);
  private final TopologyTestDriver driver;

  TopologyFixture(Path stateDir) {
    var properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "coordinator-under-test");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    var metrics = new CellMetrics(new SimpleMeterRegistry());
    driver =
        new TopologyTestDriver(
            CellTopology.build(CELL, JobFixtures.RULES, clock, metrics),
            properties,
            JobFixtures.START);
  }

  Instant now() {
    return clock.instant();
  }

  void give(CellInput... inputs) {
    for (CellInput input : inputs) {
      InputRecord record = InputRecord.of(input, now());
      give(record.topic(), record.key(), record.value());
    }
  }

  void give(String topic, @Nullable String key, byte @Nullable [] value) {
    give(topic, key, value, now());
  }

  /** The broker's clock, which is not the coordinator's, shows {@code timestamp}. */
  void give(String topic, @Nullable String key, byte @Nullable [] value, Instant timestamp) {
    driver
        .createInputTopic(topic, new StringSerializer(), new ByteArraySerializer())
        .pipeInput(key, value, timestamp);
  }

  List<JobEvent> events() {
    return read(CellTopic.EVENTS).stream().map(event -> Serdes.EVENT.read(event.value())).toList();
  }

  List<Order> orders() {
    return read(CellTopic.ORDERS).stream().map(order -> Serdes.ORDER.read(order.value())).toList();
  }

  List<TestRecord<String, byte[]>> read(CellTopic topic) {
    return driver
        .createOutputTopic(topic.in(CELL), new StringDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  @Override
  public void close() {
    driver.close();
  }
}
