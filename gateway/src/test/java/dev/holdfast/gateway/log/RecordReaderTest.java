package dev.holdfast.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  /** Offsets 10 to 19, at once. */
  private static Consumer<String, byte[]> consumer() {
    var consumer = new MockConsumer<String, byte[]>("none");
    consumer.updateBeginningOffsets(Map.of(PARTITION, 10L));
    consumer.updateEndOffsets(Map.of(PARTITION, 20L));
    consumer.schedulePollTask(() -> {
      for (long offset = 10; offset < 20; offset++) {
        consumer.addRecord(new ConsumerRecord<>("t", 0, offset, "k", new byte[] {(byte) offset}));
      }
    });
    return consumer;
  }

  @Test
  void visitsFromAnOffsetUntilEnough() {
    var seen = new ArrayList<Long>();
    try (var reader = new RecordReader(RecordReaderTest::consumer)) {
      reader.scan(
          PARTITION,
          12,
          record -> {
            seen.add(record.offset());
            return record.offset() < 15 ? record.offset() + 1 : RecordReader.Visitor.ENOUGH;
          });
    }

    assertThat(seen).isEqualTo(List.of(12L, 13L, 14L, 15L));
  }

  @Test
  void skipsToWhatIsWanted() {
    var seen = new ArrayList<Long>();
    try (var reader = new RecordReader(RecordReaderTest::consumer)) {
      reader.scan(
          PARTITION,
          11,
          record -> {
            seen.add(record.offset());
            return record.offset() == 11 ? 18 : RecordReader.Visitor.ENOUGH;
          });
    }

    assertThat(seen).isEqualTo(List.of(11L, 18L));
  }
}
