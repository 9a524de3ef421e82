package dev.holdfast.drill.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.runtime.config.CellConfig;
import dev.holdfast.runtime.kafka.CellTopics;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.runtime.kafka.TopicMismatch;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.topic.CellTopic;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

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
  void refusesASettingThatPromisesDependOnAndTellsTheCommandThatCorrectsIt() throws Exception {
    CellConfig cell = cell("topics-misjudging", 0);
    CellTopics.ensure(admin, cell, PATIENCE);
    set(CellTopic.WORKERS, cell, "message.timestamp.type", "CreateTime");
    set(CellTopic.EVENTS, cell, "cleanup.policy", "compact");
    String workers = CellTopic.WORKERS.in(cell.cell());

    assertThatExceptionOfType(TopicMismatch.class)
        .isThrownBy(() -> CellTopics.ensure(admin, cell, PATIENCE))
        .withMessageContaining(
            workers + " has message.timestamp.type=CreateTime instead of LogAppendTime")
        .withMessageContaining("--entity-name " + workers + " --add-config message.timestamp.type=")
        .withMessageContaining("has cleanup.policy=compact instead of delete");

    set(CellTopic.WORKERS, cell, "message.timestamp.type", "LogAppendTime");
    set(CellTopic.EVENTS, cell, "cleanup.policy", "delete");
    assertThatNoException().isThrownBy(() -> CellTopics.ensure(admin, cell, PATIENCE));
  }

  @Test
  void warnsOfASettingThatOnlyCostsTimeOrDiskAndGoesOn() throws Exception {
    CellConfig cell = cell("topics-costly", 0);
    CellTopics.ensure(admin, cell, PATIENCE);
    set(CellTopic.EVENTS, cell, "retention.ms", "86400000");

    List<String> warnings =
        warningsOf(() -> {
          CellTopics.ensure(admin, cell, PATIENCE);
          return null;
        });

    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("holdfast.topics-costly.events has retention.ms=86400000 instead of 2592000000")
        .endsWith("--add-config retention.ms=2592000000");
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

  private void set(CellTopic topic, CellConfig cell, String setting, String value)
      throws Exception {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.in(cell.cell()));
    var change = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    await(setting + " to be " + value)
        .atMost(PATIENCE)
        .until(() -> setting(topic, cell, setting).equals(value));
  }

  private static List<String> warningsOf(Callable<?> work) throws Exception {
    var log = (Logger) LoggerFactory.getLogger(CellTopics.class);
    var heard = new ListAppender<ILoggingEvent>();
    heard.start();
    log.addAppender(heard);
    try {
      work.call();
    } finally {
      log.detachAppender(heard);
    }
    return heard.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
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
