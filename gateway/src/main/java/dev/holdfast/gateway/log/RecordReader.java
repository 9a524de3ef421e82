package dev.holdfast.gateway.log;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads records back by offset, over a few consumers that are kept open. Blocks; safe for use by
 * many threads, each of which has a consumer to itself while it reads.
 */
public final class RecordReader implements AutoCloseable {
  private static final int CONSUMERS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(250);

  /** Below this distance reading on is cheaper than seeking. */
  private static final long NEAR = 2_000;

  private final Supplier<Consumer<String, byte[]>> open;
  private final BlockingQueue<Seat> seats = new ArrayBlockingQueue<>(CONSUMERS);

  public RecordReader(Supplier<Consumer<String, byte[]>> open) {
    this.open = open;
    for (int i = 0; i < CONSUMERS; i++) {
      seats.add(new Seat());
    }
  }

  /** Is told records in order. */
  public interface Visitor {
    long ENOUGH = -1;

    /** Answers the next offset that is wanted, or {@link #ENOUGH}. */
    long visit(ConsumerRecord<String, byte[]> record);
  }

  /**
   * Tells the visitor the record at an offset, or the first one still there after it, and so on.
   * Returns at once if the log does not reach that far.
   *
   * @throws LogUnavailable if Kafka does not answer for 10 s
   */
  public void scan(TopicPartition partition, long from, Visitor visitor) {
    Seat seat = take();
    try {
      scan(seat.at(partition, from), partition, from, visitor);
    } catch (OffsetOutOfRangeException e) {
      seat.leave();
    } catch (KafkaException e) {
      seat.leave();
      throw new LogUnavailable("cannot read " + partition + ": " + e.getMessage(), e);
    } finally {
      seats.add(seat);
    }
  }

  private static void scan(
      Consumer<String, byte[]> consumer, TopicPartition partition, long from, Visitor visitor) {
    long wanted = from;
    long heard = System.nanoTime();
    while (true) {
      var records = consumer.poll(POLL).records(partition);
      for (ConsumerRecord<String, byte[]> record : records) {
        if (record.offset() >= wanted) {
          wanted = visitor.visit(record);
          if (wanted == Visitor.ENOUGH) {
            return;
          }
        }
      }
      if (!records.isEmpty()) {
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard > PATIENCE.toNanos()) {
        throw new LogUnavailable(
            "expected a record of " + partition + " at " + wanted + ", none came for " + PATIENCE);
      }
      if (wanted > consumer.position(partition) + NEAR) {
        consumer.seek(partition, wanted);
      }
    }
  }

  private Seat take() {
    try {
      Seat seat = seats.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (seat == null) {
        throw new LogUnavailable("all " + CONSUMERS + " readers are busy; try again");
      }
      return seat;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("interrupted while waiting for a reader", e);
    }
  }

  /** Waits for those who read. */
  @Override
  public void close() {
    for (int i = 0; i < CONSUMERS; i++) {
      take().leave();
    }
  }

  /** A place for one consumer, opened when it is first needed; owned by whoever took it. */
  private final class Seat {
    private @Nullable Consumer<String, byte[]> consumer;

    Consumer<String, byte[]> at(TopicPartition partition, long offset) {
      if (consumer == null) {
        consumer = open.get();
      }
      consumer.assign(List.of(partition));
      consumer.seek(partition, offset);
      return consumer;
    }

    void leave() {
      if (consumer != null) {
        consumer.close();
        consumer = null;
      }
    }
  }
}
