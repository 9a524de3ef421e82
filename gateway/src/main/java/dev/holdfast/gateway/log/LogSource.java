package dev.holdfast.gateway.log;

import org.apache.kafka.clients.consumer.Consumer;

/** Where the records of one topic come from. */
public interface LogSource {
  String topic();

  int partitions();

  /** Asks the cluster; fails with a KafkaException while it cannot answer. */
  LogIdentity identify() throws InterruptedException;

  /** A consumer of committed records that never moves its position by itself. */
  Consumer<String, byte[]> consumer();
}
