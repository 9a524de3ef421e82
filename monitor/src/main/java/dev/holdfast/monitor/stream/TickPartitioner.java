package dev.holdfast.monitor.stream;

import dev.holdfast.schemas.lease.LeaseRecord;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** A tick goes to the partition that its key names: the one whose clock it moves. */
final class TickPartitioner implements StreamPartitioner<String, byte[]> {
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String key, byte[] value, int numPartitions) {
    return Optional.of(
        Set.of(Integer.parseInt(key.substring(LeaseRecord.TICK_KEY_PREFIX.length()))));
  }
}
