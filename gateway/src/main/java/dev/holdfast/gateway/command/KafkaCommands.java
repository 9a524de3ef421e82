package dev.holdfast.gateway.command;

import dev.holdfast.schemas.cell.CellCommand;
import dev.holdfast.schemas.cell.CellEvent;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** The commands topic. */
public final class KafkaCommands implements Commands, AutoCloseable {
  /** More than these are refused at once: memory stays bounded while the broker is away. */
  private static final int MOST_IN_FLIGHT = 5_000;

  private final Producer<String, byte[]> producer;
  private final String topic;
  private final Semaphore free = new Semaphore(MOST_IN_FLIGHT);

  /** {@code Producer.send} blocks while it knows no broker. */
  private final ExecutorService sending = Executors.newVirtualThreadPerTaskExecutor();

  /** The producer becomes ours to close. */
  public KafkaCommands(Producer<String, byte[]> producer, String topic) {
    this.producer = producer;
    this.topic = topic;
  }

  @Override
  public CompletableFuture<Void> send(JobCommand command) {
    return send(command.job().value(), Serdes.COMMAND.write(command));
  }

  @Override
  public CompletableFuture<Void> send(CellCommand command) {
    return send(CellEvent.KEY_PREFIX + command.subject(), Serdes.CELL_COMMAND.write(command));
  }

  private CompletableFuture<Void> send(String key, byte[] value) {
    var sent = new CompletableFuture<Void>();
    if (!free.tryAcquire()) {
      sent.completeExceptionally(
          new NotAccepted(MOST_IN_FLIGHT + " commands wait for Kafka already"));
      return sent;
    }
    var record = new ProducerRecord<>(topic, key, value);
    sending.execute(() -> produce(record, sent));
    return sent.whenComplete((done, failure) -> free.release());
  }

  private void produce(ProducerRecord<String, byte[]> record, CompletableFuture<Void> sent) {
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            if (failure == null) {
              sent.complete(null);
            } else {
              sent.completeExceptionally(notAccepted(failure));
            }
          });
    } catch (KafkaException | IllegalStateException e) {
      sent.completeExceptionally(notAccepted(e));
    }
  }

  private static NotAccepted notAccepted(Exception failure) {
    return new NotAccepted("Kafka did not confirm the command: " + failure.getMessage(), failure);
  }

  @Override
  public void close() {
    producer.close();
    sending.close();
  }
}
