package dev.holdfast.worker.order;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads this worker's partition of the orders topic. Its thread owns the consumer; {@link #close}
 * may be called by any other.
 */
public final class OrderLoop implements Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OrderLoop.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long COMMIT_EVERY_NS = 100_000_000;

  private final WorkerId worker;
  private final Consumer<String, byte[]> consumer;
  private final TopicPartition partition;
  private final Orders orders;
  private final DeadLetters deadLetters;
  private volatile boolean closed;
  private volatile boolean reading;
  private OffsetLedger ledger;
  private long committed;
  private long committedAtNs = System.nanoTime();

  private OrderLoop(
      WorkerId worker, OrderSource source, Orders orders, DeadLetters deadLetters, long position) {
    this.worker = worker;
    this.consumer = source.consumer();
    this.partition = source.partition();
    this.orders = orders;
    this.deadLetters = deadLetters;
    this.ledger = new OffsetLedger(position);
    this.committed = position;
  }

  /** A consumer without a position, and the partition that it is to read. */
  public record OrderSource(Consumer<String, byte[]> consumer, TopicPartition partition) {}

  /**
   * Takes up the position to read from, so that no answer to what is said afterwards can be missed.
   * Waits for the broker as long as the consumer's own time limit allows.
   */
  public static OrderLoop positioned(
      WorkerId worker, OrderSource source, Orders orders, DeadLetters deadLetters) {
    long position = StartPosition.take(source.consumer(), source.partition());
    return new OrderLoop(worker, source, orders, deadLetters, position);
  }

  /** Whether the last poll got through; false before the first. */
  public boolean reading() {
    return reading;
  }

  @Override
  public void run() {
    while (!closed) {
      try {
        pollOnce();
      } catch (WakeupException | InterruptException e) {
        log.debug("the order loop was woken");
      } catch (OffsetOutOfRangeException e) {
        restartAtEnd(e);
      } catch (KafkaException e) {
        reading = false;
        log.warn("cannot read orders from {}; trying again: {}", partition, e.toString());
      }
    }
    commit(true);
    consumer.close();
  }

  private void pollOnce() {
    for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
      take(record);
    }
    reading = true;
    commit(false);
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    long offset = record.offset();
    if (!worker.value().equals(record.key()) || record.value() == null) {
      // Sixteen partitions for any number of workers: most orders here may be somebody else's.
      ledger.opened(offset);
      ledger.done(offset);
      return;
    }
    OffsetLedger opened = ledger;
    opened.opened(offset);
    try {
      Order order = Serdes.ORDER.read(record.value());
      orders
          .carryOut(order)
          .whenComplete((done, failure) -> {
            if (failure == null) {
              opened.done(offset);
            } else {
              log.error("the order at offset {} could not be carried out", offset, failure);
            }
          });
    } catch (InvalidField e) {
      deadLetters.bury(record, String.valueOf(e.getMessage()));
      opened.done(offset);
    } catch (RuntimeException e) {
      // A bug met by one order must not silence all that follow; the dead letter keeps the
      // evidence.
      log.error("the order at offset {} met a bug", offset, e);
      deadLetters.bury(record, "met a bug of the worker: " + e);
      opened.done(offset);
    }
  }

  private void commit(boolean now) {
    long next = ledger.committable();
    if (next == committed || (!now && System.nanoTime() - committedAtNs < COMMIT_EVERY_NS)) {
      return;
    }
    var offsets = Map.of(partition, new OffsetAndMetadata(next));
    try {
      if (now) {
        consumer.commitSync(offsets, Duration.ofSeconds(1));
      } else {
        consumer.commitAsync(offsets, null);
      }
    } catch (KafkaException e) {
      log.debug("cannot commit offset {} of {}: {}", next, partition, e.toString());
    }
    committed = next;
    committedAtNs = System.nanoTime();
  }

  /** Records were deleted before they were read; the handshake settles what they said. */
  private void restartAtEnd(OffsetOutOfRangeException e) {
    log.warn("orders were deleted before they were read; going on at the end: {}", e.toString());
    consumer.seekToEnd(java.util.List.of(partition));
    long position = consumer.position(partition);
    ledger = new OffsetLedger(position);
    committed = position;
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
  }
}
