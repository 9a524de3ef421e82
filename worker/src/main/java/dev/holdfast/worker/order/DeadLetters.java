package dev.holdfast.worker.order;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where records go that cannot be read. */
public interface DeadLetters {
  void bury(ConsumerRecord<String, byte[]> record, String reason);
}
