package dev.holdfast.gateway.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LogTailTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  /** A topic of one partition, over consumers that can be made to fail. */
  private static final class FlakySource implements LogSource {
    private final List<MockConsumer<String, byte[]>> consumers = new CopyOnWriteArrayList<>();
    private final List<String> values;
    private volatile LogIdentity identity = new LogIdentity("c", "1");
    private final AtomicInteger failures = new AtomicInteger();

    FlakySource(String... values) {
      this.values = List.of(values);
    }

    @Override
    public String topic() {
      return "t";
    }

    @Override
    public int partitions() {
      return 1;
    }

    @Override
    public LogIdentity identify() {
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new KafkaException("no broker");
      }
      return identity;
    }

    @Override
    public Consumer<String, byte[]> consumer() {
      var consumer = new MockConsumer<String, byte[]>("none");
      consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
      consumer.updateEndOffsets(Map.of(PARTITION, (long) values.size()));
      consumer.schedulePollTask(() ->
          IntStream.range((int) consumer.position(PARTITION), values.size())
              .forEach(i ->
                  consumer.addRecord(
                      new ConsumerRecord<>("t", 0, i, "k", values.get(i).getBytes(UTF_8)))));
      consumers.add(consumer);
      return consumer;
    }
  }

  /** Remembers what it was told. */
  private static final class MemorySink implements LogSink {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Map<Integer, Long> positions = new HashMap<>();
    private Optional<LogIdentity> identity = Optional.empty();
    private int failures;

    @Override
    public synchronized Optional<LogIdentity> identity() {
      return identity;
    }

    @Override
    public synchronized void reset(LogIdentity next) {
      told.clear();
      positions.clear();
      identity = Optional.of(next);
    }

    @Override
    public synchronized Map<Integer, Long> positions() {
      return Map.copyOf(positions);
    }

    @Override
    public synchronized void apply(
        List<ConsumerRecord<String, byte[]>> batch, Map<Integer, Long> next) {
      if (failures > 0) {
        failures--;
        throw new IllegalStateException("the disk is full");
      }
      batch.forEach(record -> told.add(new String(record.value(), UTF_8)));
      positions.putAll(next);
    }

    @Override
    public boolean intact() {
      return true;
    }
  }

  @Test
  void readsAllAndSaysSo() {
    var sink = new MemorySink();
    try (var tail = new LogTail(new FlakySource("a", "b", "c"), sink)) {
      assertThat(tail.problem()).isPresent();
      tail.start();

      await().until(() -> tail.problem().isEmpty());
      assertThat(sink.told).containsExactly("a", "b", "c");
    }
  }

  @Test
  void goesOnWhereTheSinkIs() {
    var sink = new MemorySink();
    sink.reset(new LogIdentity("c", "1"));
    sink.positions.put(0, 2L);
    try (var tail = new LogTail(new FlakySource("a", "b", "c"), sink)) {
      tail.start();

      await().until(() -> tail.problem().isEmpty());
      assertThat(sink.told).containsExactly("c");
    }
  }

  @Test
  void startsAnewOnAnotherTopicOfTheSameName() {
    var sink = new MemorySink();
    sink.reset(new LogIdentity("c", "0"));
    sink.positions.put(0, 2L);
    try (var tail = new LogTail(new FlakySource("a", "b", "c"), sink)) {
      tail.start();

      await().until(() -> tail.problem().isEmpty());
      assertThat(sink.told).containsExactly("a", "b", "c");
    }
  }

  @Test
  void startsAnewWhenTheLogEndsBeforeItsPlace() {
    var sink = new MemorySink();
    sink.reset(new LogIdentity("c", "1"));
    sink.positions.put(0, 9L);
    try (var tail = new LogTail(new FlakySource("a"), sink)) {
      tail.start();

      await().until(() -> tail.problem().isEmpty());
      assertThat(sink.told).containsExactly("a");
    }
  }

  @Test
  void triesAgainAfterAnOutage() {
    var source = new FlakySource("a", "b");
    source.failures.set(2);
    var sink = new MemorySink();
    try (var tail = new LogTail(source, sink)) {
      tail.start();

      await().until(() -> tail.problem().isEmpty());
      assertThat(sink.told).containsExactly("a", "b");
      assertThat(source.consumers).hasSizeGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void skipsNothingWhenTheSinkFails() {
    var sink = new MemorySink();
    sink.failures = 1;
    var source = new FlakySource("a", "b");
    try (var tail = new LogTail(source, sink)) {
      tail.start();

      await().until(() -> new ArrayList<>(sink.told), List.of("a", "b")::equals);
      assertThat(source.consumers).hasSize(2);
    }
  }
}
