package dev.holdfast.gateway.log;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A fold of one topic that keeps its own place in it. Written by its tail's thread only. */
public interface LogSink {
  /** The topic that it was filled from; empty if it holds nothing. */
  Optional<LogIdentity> identity();

  /** Forgets everything and starts on another topic. */
  void reset(LogIdentity identity);

  /** Next offset by partition; a partition that is not there is read from its beginning. */
  Map<Integer, Long> positions();

  /** Tells the first offset that each partition still has; what lies before it is gone. */
  default void begins(Map<Integer, Long> first) {}

  /**
   * Applies a batch and moves on, both or neither.
   *
   * @param next next offset of each partition that the batch has records of
   */
  void apply(List<ConsumerRecord<String, byte[]>> batch, Map<Integer, Long> next);

  /** False once what was applied has been lost, so that the positions last asked for are void. */
  boolean intact();
}
