package dev.holdfast.gateway.log;

import static java.util.Objects.requireNonNull;

import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.topic.CellTopic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

/** A topic of a cell on a real cluster. */
public final class KafkaLogSource implements LogSource {
  private static final int TIMEOUT_MS = (int) Duration.ofSeconds(10).toMillis();

  private final KafkaClients clients;
  private final Admin admin;
  private final String cell;
  private final CellTopic topic;

  /** The admin client is shared and stays the caller's to close. */
  public KafkaLogSource(KafkaClients clients, Admin admin, String cell, CellTopic topic) {
    this.clients = clients;
    this.admin = admin;
    this.cell = cell;
    this.topic = topic;
  }

  @Override
  public String topic() {
    return topic.in(cell);
  }

  @Override
  public int partitions() {
    return topic.partitions();
  }

  @Override
  public LogIdentity identify() throws InterruptedException {
    try {
      String cluster =
          admin
              .describeCluster(new DescribeClusterOptions().timeoutMs(TIMEOUT_MS))
              .clusterId()
              .get();
      var described =
          admin
              .describeTopics(List.of(topic()), new DescribeTopicsOptions().timeoutMs(TIMEOUT_MS))
              .topicNameValues()
              .get(topic());
      return new LogIdentity(cluster, requireNonNull(described).get().topicId().toString());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e);
    }
  }

  @Override
  public Consumer<String, byte[]> consumer() {
    return clients.consumer("holdfast-gateway-" + topic(), null);
  }
}
