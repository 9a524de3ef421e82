package dev.holdfast.gateway.log;

import dev.holdfast.runtime.retry.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a topic into a sink on a thread of its own, through outages, until it is closed. */
public final class LogTail implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogTail.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
  private static final Duration POLL = Duration.ofSeconds(1);

  private final LogSource source;
  private final LogSink sink;
  private final List<TopicPartition> partitions;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  private volatile @Nullable Consumer<String, byte[]> polling;
  private volatile @Nullable String problem = "has not reached Kafka yet";

  public LogTail(LogSource source, LogSink sink) {
    this.source = source;
    this.sink = sink;
    this.partitions =
        IntStream.range(0, source.partitions())
            .mapToObj(partition -> new TopicPartition(source.topic(), partition))
            .toList();
    this.thread = Thread.ofPlatform().name("tail-" + source.topic()).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** What keeps the sink from being as new as the topic; empty when nothing does. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  @Override
  public void close() {
    closing.countDown();
    Consumer<String, byte[]> consumer = polling;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private void run() {
    int failures = 0;
    while (!closed()) {
      try (Consumer<String, byte[]> consumer = source.consumer()) {
        polling = consumer;
        Map<TopicPartition, Long> target = connect(consumer);
        failures = 0;
        follow(consumer, target);
      } catch (WakeupException | InterruptException | InterruptedException e) {
        log.debug("{} is closing", source.topic());
      } catch (OffsetOutOfRangeException e) {
        log.warn("{} no longer holds the offset to read: {}", source.topic(), e.getMessage());
      } catch (RuntimeException e) {
        problem = "cannot follow " + source.topic() + ": " + e.getMessage();
        log.warn("cannot follow {}, will try again: {}", source.topic(), e.toString());
        pause(++failures);
      }
    }
  }

  private void pause(int failures) {
    Duration delay = BACKOFF.after(failures, ThreadLocalRandom.current().nextDouble());
    try {
      closing.await(delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Goes to where the sink is; answers where the topic ended then. */
  private Map<TopicPartition, Long> connect(Consumer<String, byte[]> consumer)
      throws InterruptedException {
    LogIdentity found = source.identify();
    Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
    Optional<LogIdentity> known = sink.identity();
    if (known.isEmpty() || !known.get().equals(found) || ahead(sink.positions(), end)) {
      known.ifPresent(
          old -> log.warn("{} is another log than before: reading all of it", source.topic()));
      sink.reset(found);
    }
    Map<Integer, Long> positions = sink.positions();
    var begins = new HashMap<Integer, Long>();
    first.forEach((partition, offset) -> begins.put(partition.partition(), offset));
    sink.begins(begins);
    consumer.assign(partitions);
    for (TopicPartition partition : partitions) {
      long stored = positions.getOrDefault(partition.partition(), 0L);
      consumer.seek(partition, Math.max(stored, first.getOrDefault(partition, 0L)));
    }
    problem = "has not read all of " + source.topic() + " yet";
    return end;
  }

  /** A log that ends before the position lost records that were applied. */
  private boolean ahead(Map<Integer, Long> positions, Map<TopicPartition, Long> end) {
    return partitions.stream()
        .anyMatch(partition ->
            positions.getOrDefault(partition.partition(), 0L) > end.getOrDefault(partition, 0L));
  }

  private void follow(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> target) {
    while (!closed() && sink.intact()) {
      if (problem != null && reached(consumer, target)) {
        problem = null;
        log.info("{} is read to its end", source.topic());
      }
      var records = consumer.poll(problem == null ? POLL : Duration.ofMillis(100));
      if (!records.isEmpty()) {
        var batch = new ArrayList<ConsumerRecord<String, byte[]>>(records.count());
        records.forEach(batch::add);
        var next = new HashMap<Integer, Long>();
        records
            .partitions()
            .forEach(partition -> next.put(partition.partition(), consumer.position(partition)));
        sink.apply(batch, next);
      }
    }
  }

  private static boolean reached(
      Consumer<String, byte[]> consumer, Map<TopicPartition, Long> target) {
    return target.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }
}
