package dev.holdfast.worker.kafka;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** A producer's send as a future that never throws. */
final class Sending {
  private Sending() {}

  static CompletableFuture<RecordMetadata> send(
      Producer<String, byte[]> producer, ProducerRecord<String, byte[]> record) {
    var sent = new CompletableFuture<RecordMetadata>();
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            if (failure == null) {
              sent.complete(metadata);
            } else {
              sent.completeExceptionally(failure);
            }
          });
    } catch (KafkaException | IllegalStateException e) {
      // The latter: the producer is closed, because the worker leaves.
      sent.completeExceptionally(e);
    }
    return sent;
  }

  static CompletableFuture<Void> send(
      Producer<String, byte[]> producer, String topic, String key, byte[] value) {
    return send(producer, new ProducerRecord<>(topic, key, value)).thenApply(metadata -> null);
  }
}
