package dev.holdfast.drill.bench;

import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.topic.CellTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Notes when a reader of the events topic sees each job running and ended. */
final class EventClock implements AutoCloseable {
  private final Consumer<String, byte[]> consumer;
  private final Map<String, Long> runningNanos = new ConcurrentHashMap<>();
  private final Map<String, Long> endedNanos = new ConcurrentHashMap<>();
  private final AtomicLong ended = new AtomicLong();
  private final Thread thread;

  EventClock(String bootstrap, String cell) {
    consumer = new KafkaClients(bootstrap).consumer("bench-events", null);
    var partition = new TopicPartition(CellTopic.EVENTS.in(cell), 0);
    consumer.assign(List.of(partition));
    consumer.seekToEnd(List.of(partition));
    consumer.position(partition);
    thread = Thread.ofPlatform().name("bench-events").start(this::read);
  }

  private void read() {
    try (consumer) {
      while (true) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          long now = System.nanoTime();
          switch (Serdes.EVENT.read(record.value())) {
            case JobEvent.Taken taken -> runningNanos.putIfAbsent(taken.job().value(), now);
            case JobEvent.PhaseEntered entered ->
                runningNanos.putIfAbsent(entered.job().value(), now);
            case JobEvent.Ended end -> {
              endedNanos.put(end.job().value(), now);
              ended.incrementAndGet();
            }
            default -> {}
          }
        }
      }
    } catch (WakeupException e) {
      return;
    }
  }

  long endedCount() {
    return ended.get();
  }

  long runningAt(String job) {
    return runningNanos.getOrDefault(job, 0L);
  }

  long endedAt(String job) {
    return endedNanos.getOrDefault(job, 0L);
  }

  @Override
  public void close() throws InterruptedException {
    consumer.wakeup();
    thread.join();
  }
}
