package dev.holdfast.gateway.blob;

import dev.holdfast.gateway.log.RecordReader;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;

/** The blobs topic itself: a file's chunks follow one another in its partition. */
public final class KafkaBlobLog implements BlobLog {
  /** Files of other jobs may lie between two chunks, but not without end. */
  private static final int MOST_BETWEEN = 10_000;

  private final RecordReader reader;
  private final String topic;

  public KafkaBlobLog(RecordReader reader, String topic) {
    this.reader = reader;
    this.topic = topic;
  }

  @Override
  public Optional<Chunk> read(BlobRef file, int number, long from) {
    String wanted = file.sha256() + "/" + number;
    var found = new AtomicReference<Chunk>();
    reader.scan(
        new TopicPartition(topic, file.partition()),
        from,
        record -> {
          if (wanted.equals(record.key())) {
            found.set(new Chunk(record.value(), record.offset() + 1));
            return RecordReader.Visitor.ENOUGH;
          }
          boolean passed = number == 0 || record.offset() > from + MOST_BETWEEN;
          return passed ? RecordReader.Visitor.ENOUGH : record.offset() + 1;
        });
    return Optional.ofNullable(found.get());
  }
}
