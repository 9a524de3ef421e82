package dev.holdfast.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobId;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaCommandsTest {
  private static final JobCommand CANCEL = new JobCommand.Cancel(new JobId("j"), "me", null, "r");

  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());

  @Test
  void isDoneWhenKafkaHasIt() {
    try (var commands = new KafkaCommands(producer, "topic")) {
      CompletableFuture<Void> sent = commands.send(CANCEL);

      await().until(() -> producer.history().size() == 1);
      assertThat(sent).isNotDone();
      producer.completeNext();
      sent.join();

      assertThat(producer.history().getFirst().key()).isEqualTo("j");
      assertThat(Serdes.COMMAND.read(producer.history().getFirst().value())).isEqualTo(CANCEL);
    }
  }

  @Test
  void saysSoWhenKafkaDoesNotConfirm() {
    try (var commands = new KafkaCommands(producer, "topic")) {
      CompletableFuture<Void> sent = commands.send(CANCEL);

      await().until(() -> producer.history().size() == 1);
      producer.errorNext(new TimeoutException("expired"));

      assertThatThrownBy(sent::join).hasCauseInstanceOf(NotAccepted.class);
    }
  }
}
