package dev.holdfast.worker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.worker.output.StreamDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBlobStoreTest {
  @TempDir Path directory;
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("none");
  private final KafkaBlobStore store = new KafkaBlobStore(producer, () -> consumer, "main");

  private Path file(int bytes) throws IOException {
    var content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(directory.resolve("file"), content);
  }

  @Test
  void keepsAFileInOrderInOnePartition() throws Exception {
    Path file = file(6_500_000);

    var ref = store.store("changes.bundle", "application/x-git-bundle", file);

    assertThat(ref.chunks()).isEqualTo(7);
    assertThat(ref.bytes()).isEqualTo(6_500_000);
    assertThat(ref.sha256()).isEqualTo(StreamDigest.of(file).sha256());
    assertThat(ref.offset()).isZero();
    assertThat(producer.history())
        .allMatch(record -> record.partition() == ref.partition())
        .extracting(ProducerRecord::key)
        .containsExactlyElementsOf(
            IntStream.range(0, 7).mapToObj(n -> ref.sha256() + "/" + n).toList());
    var read = new ByteArrayOutputStream();
    for (ProducerRecord<String, byte[]> record : producer.history()) {
      read.write(record.value());
    }
    assertThat(read.toByteArray()).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void keepsAnEmptyFileAsOneEmptyChunk() throws Exception {
    var ref = store.store("changes.diff", "text/x-diff", file(0));

    assertThat(ref.chunks()).isEqualTo(1);
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void saysThatItFailed() throws Exception {
    Path file = file(10);
    producer.sendException = new org.apache.kafka.common.errors.TimeoutException("away");

    assertThatThrownBy(() -> store.store("changes.diff", "text/x-diff", file))
        .isInstanceOf(IOException.class);
  }

  @Test
  void readsBackWhatItStoredAmidOtherFiles() throws Exception {
    Path file = file(2_500_000);
    BlobRef ref = store.store("work.bundle", "application/x-git-bundle", file);
    List<ProducerRecord<String, byte[]>> log = new ArrayList<>(producer.history());
    log.add(1, new ProducerRecord<>(log.getFirst().topic(), "other/0", new byte[3]));
    log.add(2, log.getFirst());
    serve(ref, log);

    store.fetch(ref, directory.resolve("back"));

    assertThat(directory.resolve("back")).hasSameBinaryContentAs(file);
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void leavesNothingOfADamagedFile() throws Exception {
    BlobRef ref = store.store("work.bundle", "application/x-git-bundle", file(10));
    serve(ref, List.of(new ProducerRecord<>("t", ref.sha256() + "/0", new byte[10])));

    assertThatThrownBy(() -> store.fetch(ref, directory.resolve("back")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");

    assertThat(directory)
        .isDirectoryContaining("glob:**/file")
        .isDirectoryNotContaining("glob:**back*");
  }

  @Test
  void saysThatAFileIsGone() throws Exception {
    BlobRef ref = store.store("work.bundle", "application/x-git-bundle", file(10));
    consumer.schedulePollTask(
        () -> consumer.setPollException(new OffsetOutOfRangeException(Map.of(partition(ref), 0L))));

    assertThatThrownBy(() -> store.fetch(ref, directory.resolve("back")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no longer holds");
  }

  private void serve(BlobRef ref, List<ProducerRecord<String, byte[]>> log) {
    consumer.schedulePollTask(() -> {
      TopicPartition at = partition(ref);
      consumer.updateBeginningOffsets(Map.of(at, 0L));
      long offset = ref.offset();
      for (ProducerRecord<String, byte[]> record : log) {
        consumer.addRecord(
            new ConsumerRecord<>(
                at.topic(), at.partition(), offset++, record.key(), record.value()));
      }
    });
  }

  private static TopicPartition partition(BlobRef ref) {
    return new TopicPartition(CellTopic.BLOBS.in("main"), ref.partition());
  }
}
