package dev.holdfast.worker.kafka;

import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.worker.output.StreamDigest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads one file back from its partition. Chunks of other files may lie between its own, and of the
 * same file too if two workers stored it: the key tells which chunk is next.
 */
final class BlobRead {
  private static final Duration POLL = Duration.ofMillis(250);

  /** Without a single chunk of the file for so long, it is given up. */
  private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();

  private final Consumer<String, byte[]> consumer;
  private final TopicPartition partition;
  private final BlobRef blob;

  BlobRead(Consumer<String, byte[]> consumer, String topic, BlobRef blob) {
    this.consumer = consumer;
    this.partition = new TopicPartition(topic, blob.partition());
    this.blob = blob;
  }

  void into(Path file) throws IOException {
    consumer.assign(List.of(partition));
    consumer.seek(partition, blob.offset());
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      copy(out);
      channel.force(true);
    } catch (OffsetOutOfRangeException e) {
      throw new IOException(
          "file %s of %d bytes was expected at offset %d of %s, which the log no longer holds: results are kept for a limited time"
              .formatted(blob.name(), blob.bytes(), blob.offset(), partition),
          e);
    } catch (KafkaException e) {
      throw new IOException("file %s cannot be read from %s".formatted(blob.name(), partition), e);
    }
    StreamDigest found = StreamDigest.of(file);
    if (found.bytes() != blob.bytes() || !found.sha256().equals(blob.sha256())) {
      throw new IOException(
          "file %s in %s is damaged: expected %d bytes with SHA-256 %s, found %d with %s"
              .formatted(
                  blob.name(),
                  partition,
                  blob.bytes(),
                  blob.sha256(),
                  found.bytes(),
                  found.sha256()));
    }
  }

  private void copy(OutputStream out) throws IOException {
    int next = 0;
    long progressNs = System.nanoTime();
    while (next < blob.chunks()) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (next < blob.chunks() && (blob.sha256() + "/" + next).equals(record.key())) {
          out.write(record.value());
          next++;
          progressNs = System.nanoTime();
        }
      }
      if (System.nanoTime() - progressNs > PATIENCE_NS) {
        throw new IOException(
            "file %s: chunk %d of %d did not come from %s within %d s; is the broker up?"
                .formatted(
                    blob.name(), next, blob.chunks(), partition, PATIENCE_NS / 1_000_000_000));
      }
    }
  }
}
