package dev.holdfast.drill.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.kafka.CellTopics;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.runtime.kafka.TopicMismatch;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.topic.CellTopic;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The topics of a cell, on a broker of any kind. */
@ExtendWith(SharedBroker.class)
class CellTopicsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private TestBroker broker;
  private Admin admin;

  @BeforeEach
  void connect(TestBroker given) {
    broker = given;
    admin = new KafkaClients(given.bootstrap()).admin();
  }

  @AfterEach
  void disconnect() {
    admin.close();
  }

  @Test
  void createsTheCatalogueOnceHoweverManyAskForIt() throws Exception {
    CellConfig cell = cell("topics-created", 0);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> askers =
          IntStream.range(0, 4)
              .mapToObj(n ->
                  (Callable<Void>)
                      () -> {
                        CellTopics.ensure(admin, cell, PATIENCE);
                        return null;
                      })
              .toList();
      for (Future<Void> asker : threads.invokeAll(askers)) {
        asker.get();
      }
    }

    var found =
        admin
            .describeTopics(Arrays.stream(CellTopic.values()).map(t -> t.in(cell.cell())).toList())
            .allTopicNames()
            .get();
    for (CellTopic topic : CellTopic.values()) {
      assertThat(found.get(topic.in(cell.cell())).partitions()).hasSize(topic.partitions());
      topic
          .settings()
          .forEach((setting, value) -> assertThat(setting(topic, cell, setting)).isEqualTo(value));
    }
  }

  @Test
  void refusesATopicThatSomebodyElseMadeOtherwise() throws Exception {
    CellConfig cell = cell("topics-odd", 0);
    String commands = CellTopic.COMMANDS.in(cell.cell());
    admin.createTopics(List.of(new NewTopic(commands, 3, (short) 1))).all().get();

    assertThatExceptionOfType(TopicMismatch.class)
        .isThrownBy(() -> CellTopics.ensure(admin, cell, PATIENCE))
        .withMessageContaining(commands + " has 3 partitions instead of 1");
  }

  @Test
  void waitsForAsManyBrokersAsAreToHoldEachTopicAndNoLongerThanItMay() {
    assertThatExceptionOfType(InvalidReplicationFactorException.class)
        .isThrownBy(
            () -> CellTopics.ensure(admin, cell("topics-waiting", 3), Duration.ofMillis(500)));
  }

  @Test
  void refusesTopicsWithFewerCopiesThanAskedFor() throws Exception {
    CellTopics.ensure(admin, cell("topics-few", 1), PATIENCE);

    assertThat(setting(CellTopic.EVENTS, cell("topics-few", 1), "min.insync.replicas"))
        .isEqualTo("1");
    assertThatExceptionOfType(TopicMismatch.class)
        .isThrownBy(() -> CellTopics.ensure(admin, cell("topics-few", 3), PATIENCE))
        .withMessageContaining("holdfast.topics-few.events has 1 replicas instead of 3");
  }

  private String setting(CellTopic topic, CellConfig cell, String name) {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.in(cell.cell()));
    return admin
        .describeConfigs(List.of(resource))
        .all()
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .get(resource)
        .get(name)
        .value();
  }

  private CellConfig cell(String name, int replication) {
    return new CellConfig(
        name,
        broker.bootstrap(),
        Optional.of(replication).filter(copies -> copies > 0),
        Liveness.DEFAULT);
  }
}
