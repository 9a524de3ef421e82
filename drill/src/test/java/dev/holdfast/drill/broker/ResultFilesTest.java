package dev.holdfast.drill.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.blob.BlobReader;
import dev.holdfast.gateway.blob.KafkaBlobLog;
import dev.holdfast.gateway.log.RecordReader;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.kafka.CellTopics;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.topic.CellTopic;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.kafka.KafkaLinks;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files between a worker and a gateway: a broker takes no record above 1 MB unless it is told to.
 */
@ExtendWith(SharedBroker.class)
class ResultFilesTest {
  private static final int SEVERAL_CHUNKS = 3_400_000;

  @TempDir Path directory;

  @Test
  void whatAWorkerKeepsAGatewayReads(TestBroker broker) throws Exception {
    var cell = new CellConfig("files", broker.bootstrap(), Liveness.DEFAULT);
    var clients = new KafkaClients(broker.bootstrap());
    var content = new byte[SEVERAL_CHUNKS];
    new Random(SEVERAL_CHUNKS).nextBytes(content);
    Path file = Files.write(directory.resolve("changes.bundle"), content);
    try (var admin = clients.admin()) {
      CellTopics.ensure(admin, cell, Duration.ofSeconds(60));
    }

    BlobRef kept;
    try (var links = new KafkaLinks(cell, new WorkerId("files"))) {
      kept = links.blobs().store("changes.bundle", "application/x-git-bundle", file);
    }

    var read = new ByteArrayOutputStream();
    try (var records = new RecordReader(() -> clients.consumer("files", null))) {
      var reader = new BlobReader(new KafkaBlobLog(records, CellTopic.BLOBS.in("files")), kept);
      while (!reader.done()) {
        read.write(reader.next());
      }
    }
    assertThat(read.toByteArray()).isEqualTo(content);
  }
}
