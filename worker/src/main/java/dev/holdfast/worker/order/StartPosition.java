package dev.holdfast.worker.order;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where reading begins: at the committed offset, or at the end of the log when there is none or it
 * is not in the log any more. What was said in between is settled by the handshake.
 */
final class StartPosition {
  private static final Logger log = LoggerFactory.getLogger(StartPosition.class);

  private StartPosition() {}

  static long take(Consumer<String, byte[]> consumer, TopicPartition partition) {
    var only = List.of(partition);
    consumer.assign(only);
    OffsetAndMetadata committed = consumer.committed(Set.of(partition)).get(partition);
    long end = endOf(consumer.endOffsets(only), partition);
    long first = endOf(consumer.beginningOffsets(only), partition);
    long position = end;
    if (committed == null) {
      log.info("no committed offset of {}: reading from its end, {}", partition, end);
    } else if (committed.offset() < first || committed.offset() > end) {
      log.warn(
          "committed offset {} of {} is outside of the log [{}, {}]: reading from its end",
          committed.offset(),
          partition,
          first,
          end);
    } else {
      position = committed.offset();
    }
    consumer.seek(partition, position);
    return position;
  }

  private static long endOf(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    Long offset = offsets.get(partition);
    if (offset == null) {
      throw new IllegalStateException("expected an offset for " + partition + ", found none");
    }
    return offset;
  }
}
