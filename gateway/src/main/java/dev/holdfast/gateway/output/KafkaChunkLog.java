package dev.holdfast.gateway.output;

import dev.holdfast.gateway.log.RecordReader;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.OutputChunk;
import dev.holdfast.schemas.codec.Serdes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The output topic itself. */
public final class KafkaChunkLog implements ChunkLog {
  private static final Logger log = LoggerFactory.getLogger(KafkaChunkLog.class);

  private final RecordReader reader;
  private final String topic;

  public KafkaChunkLog(RecordReader reader, String topic) {
    this.reader = reader;
    this.topic = topic;
  }

  @Override
  public Map<Long, OutputChunk.Bytes> read(StreamKey key, int partition, List<Long> positions) {
    var chunks = new HashMap<Long, OutputChunk.Bytes>();
    var wanted = new TreeSet<>(positions);
    reader.scan(
        new TopicPartition(topic, partition),
        wanted.first(),
        record -> {
          if (wanted.contains(record.offset())) {
            keep(key, record, chunks);
          }
          Long next = wanted.higher(record.offset());
          return next == null ? RecordReader.Visitor.ENOUGH : next;
        });
    return chunks;
  }

  /** A record of another stream means that the log is not the one that was indexed. */
  private static void keep(
      StreamKey key, ConsumerRecord<String, byte[]> record, Map<Long, OutputChunk.Bytes> chunks) {
    try {
      if (key.job().value().equals(record.key())
          && Serdes.OUTPUT.read(record.value()) instanceof OutputChunk.Bytes bytes
          && bytes.token().equals(key.token())
          && bytes.stream() == key.stream()) {
        chunks.put(record.offset(), bytes);
      }
    } catch (InvalidField e) {
      log.warn("output record {}@{} cannot be read", record.partition(), record.offset());
    }
  }
}
