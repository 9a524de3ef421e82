package dev.holdfast.worker.kafka;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.runtime.kafka.Partitions;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.worker.output.BlobStore;
import dev.holdfast.worker.output.StreamDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Result files as chunks on the blobs topic, all of a file in one partition, in order. */
final class KafkaBlobStore implements BlobStore {
  /** A record of 1 MiB with room for key and headers. */
  private static final int CHUNK_BYTES = 1_000_000;

  private static final int MOST_UNDER_WAY = 4;

  private final Producer<String, byte[]> producer;
  private final Supplier<Consumer<String, byte[]>> consumers;
  private final String topic;

  /**
   * @param consumers a new consumer without a group for each file that is read back, which is rare
   */
  KafkaBlobStore(
      Producer<String, byte[]> producer,
      Supplier<Consumer<String, byte[]>> consumers,
      String cell) {
    this.producer = producer;
    this.consumers = consumers;
    this.topic = CellTopic.BLOBS.in(cell);
  }

  @Override
  public BlobRef store(String name, String mediaType, Path file)
      throws IOException, InterruptedException {
    StreamDigest digest = StreamDigest.of(file);
    int partition = Partitions.of(digest.sha256(), CellTopic.BLOBS.partitions());
    var underWay = new ArrayDeque<CompletableFuture<RecordMetadata>>();
    long firstOffset = 0;
    int chunks = 0;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = in.readNBytes(CHUNK_BYTES);
      do {
        String key = digest.sha256() + "/" + chunks;
        underWay.add(Sending.send(producer, new ProducerRecord<>(topic, partition, key, chunk)));
        if (chunks == 0) {
          firstOffset = await(underWay.remove()).offset();
        } else if (underWay.size() == MOST_UNDER_WAY) {
          await(underWay.remove());
        }
        chunks++;
        chunk = in.readNBytes(CHUNK_BYTES);
      } while (chunk.length > 0);
    }
    while (!underWay.isEmpty()) {
      await(underWay.remove());
    }
    return new BlobRef(
        name, mediaType, digest.sha256(), digest.bytes(), chunks, partition, firstOffset);
  }

  @Override
  public void fetch(BlobRef blob, Path target) throws IOException {
    Path temporary = target.resolveSibling(target.getFileName() + AtomicFile.TEMPORARY_SUFFIX);
    try (Consumer<String, byte[]> consumer = consumers.get()) {
      new BlobRead(consumer, topic, blob).into(temporary);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (KafkaException e) {
      throw new IOException("no consumer for file " + blob.name(), e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static RecordMetadata await(CompletableFuture<RecordMetadata> sent)
      throws IOException, InterruptedException {
    try {
      return sent.get();
    } catch (ExecutionException e) {
      throw new IOException("a chunk of a result file could not be stored", e.getCause());
    }
  }
}
