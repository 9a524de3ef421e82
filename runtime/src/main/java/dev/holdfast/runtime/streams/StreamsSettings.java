package dev.holdfast.runtime.streams;

import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.schemas.topic.RecordSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings of a Kafka Streams application of ours. Which of them decide latency and take-over, and
 * why: docs/architecture.md.
 */
public final class StreamsSettings {
  private StreamsSettings() {}

  /**
   * Settings for one role of a cell.
   *
   * @param role part of the application's id
   * @param stateDir can be deleted while the process is down
   * @param session after which a silent process is followed by another, see {@link GroupSession}
   * @param commit each hop through the application waits for a commit
   * @param poll a record processed just after a commit waits for the next poll to return
   */
  public static Properties of(
      CellConfig cell,
      String role,
      Path stateDir,
      int standbys,
      Duration session,
      Duration commit,
      Duration poll) {
    var settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "holdfast." + cell.cell() + "." + role);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, cell.bootstrap());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbys);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, cell.replication().orElse(-1));
    cell.minInSync()
        .ifPresent(least ->
            settings.put(StreamsConfig.topicPrefix("min.insync.replicas"), least.toString()));
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    pace(settings, commit, poll);
    takeOver(settings, session);
    return settings;
  }

  private static void pace(Properties settings, Duration commit, Duration poll) {
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commit.toMillis());
    settings.put(StreamsConfig.POLL_MS_CONFIG, poll.toMillis());
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 16 * 1024 * 1024L);
    settings.put(consumer(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 100);
    settings.put(consumer(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(producer(ProducerConfig.LINGER_MS_CONFIG), 0);
    settings.put(producer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), RecordSize.MOST_REQUEST_BYTES);
    // Each transaction begins its sequences anew: a second request that overtakes the first one's
    // retry is refused as out of order, again and again.
    settings.put(producer(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
    // The first record of a transaction meets the end of the previous one and asks again: soon.
    settings.put(producer(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 2);
    settings.put(producer(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 10);
  }

  /** How soon a killed process is followed, and that an outage is waited out, however long. */
  private static void takeOver(Properties settings, Duration session) {
    settings.put(consumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int) session.toMillis());
    settings.put(
        consumer(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), (int) session.toMillis() / 3);
    // A dead producer's open transaction hides what follows it from readers for as long.
    settings.put(producer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 10_000);
    settings.put(consumer(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG), 500);
    settings.put(producer(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG), 500);
    settings.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, Long.MAX_VALUE);
  }

  private static String consumer(String key) {
    return StreamsConfig.consumerPrefix(key);
  }

  private static String producer(String key) {
    return StreamsConfig.producerPrefix(key);
  }
}
