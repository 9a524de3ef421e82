package dev.holdfast.drill.broker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.coordinator.CoordinatorConfig;
import dev.holdfast.coordinator.CoordinatorService;
import dev.holdfast.drill.check.TopicDump;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.config.Settings;
import dev.holdfast.runtime.kafka.CellTopics;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobEvent;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Timeouts;
import dev.holdfast.schemas.topic.CellTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator was killed in the middle of a transaction whose timeout is far away. */
@ExtendWith(SharedBroker.class)
class OpenTransactionTest {
  private static final String CELL = "left-open";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @TempDir Path data;

  @Test
  void isEndedByTheSuccessorSoThatReadersSeeWhatItDecides(TestBroker broker) throws Exception {
    Settings settings =
        Settings.of(
            Map.of(
                "HOLDFAST_CELL", CELL,
                "HOLDFAST_BOOTSTRAP", broker.bootstrap(),
                "HOLDFAST_DATA", data.toString()));
    var clients = new KafkaClients(broker.bootstrap());
    try (var admin = clients.admin()) {
      CellTopics.ensure(admin, CellConfig.from(settings), PATIENCE);
    }
    try (Producer<String, byte[]> dead = inTransaction(broker);
        Producer<String, byte[]> client = clients.producer("client", PATIENCE);
        var successor = CoordinatorService.start(CoordinatorConfig.from(settings))) {
      client.send(submission("after-a-crash"));

      await("a decision of " + successor.name() + " that readers see")
          .atMost(PATIENCE)
          .until(() -> decisions(broker).contains(new JobId("after-a-crash")));
      assertThatThrownBy(dead::commitTransaction)
          .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
    }
  }

  /** As the transactional producer of a coordinator that began to write a decision. */
  private static Producer<String, byte[]> inTransaction(TestBroker broker) throws Exception {
    Map<String, Object> config =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.bootstrap(),
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            "holdfast." + CELL + ".coordinator-dead-1",
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            (int) TIMEOUT.toMillis());
    var producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(CellTopic.EVENTS.in(CELL), "undecided", new byte[1])).get();
    return producer;
  }

  private static ProducerRecord<String, byte[]> submission(String id) {
    var spec =
        new JobSpec(
            List.of("true"),
            null,
            null,
            new TreeMap<>(),
            new TreeMap<>(),
            JobSpec.DEFAULT_PRIORITY,
            Timeouts.NONE,
            null);
    var command = new JobCommand.Submit(new JobId(id), spec, "test", null);
    return new ProducerRecord<>(CellTopic.COMMANDS.in(CELL), id, Serdes.COMMAND.write(command));
  }

  private static List<JobId> decisions(TestBroker broker) {
    return TopicDump.read(broker.bootstrap(), CellTopic.EVENTS.in(CELL)).stream()
        .map(record -> Serdes.EVENT.read(record.value()))
        .map(JobEvent::job)
        .toList();
  }
}
