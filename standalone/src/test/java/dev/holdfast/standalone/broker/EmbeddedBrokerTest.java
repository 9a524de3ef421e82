package dev.holdfast.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.standalone.supervise.DirectoryInUseException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real broker in this JVM. */
@Timeout(300)
class EmbeddedBrokerTest {

  @TempDir Path dir;

  private int port;

  @BeforeEach
  void choosePort() throws Exception {
    port = TestPorts.free();
  }

  @Test
  void keepsCommittedTransactionsAndItsIdentityAcrossRestarts() throws Exception {
    String clusterId;
    String address;
    try (EmbeddedBroker broker = start("first start")) {
      clusterId = broker.clusterId();
      address = broker.bootstrapServers();
      TestLog log = new TestLog(address);
      log.create();
      try (KafkaProducer<String, String> producer =
          log.producer(Map.of("transactional.id", "test"))) {
        producer.initTransactions();
        commit(producer, 0, 10);
        abort(producer, 100, 110);
        commit(producer, 10, 20);
      }
      assertThat(log.committedValues()).isEqualTo(TestLog.numbers(0, 20));
    }

    try (EmbeddedBroker broker = start("second start")) {
      assertThat(broker.clusterId()).isEqualTo(clusterId).isNotEmpty();
      assertThat(broker.bootstrapServers()).isEqualTo(address);
      TestLog log = new TestLog(address);
      try (KafkaProducer<String, String> producer =
          log.producer(Map.of("transactional.id", "test"))) {
        producer.initTransactions();
        commit(producer, 20, 30);
      }
      assertThat(log.committedValues()).isEqualTo(TestLog.numbers(0, 30));
    }
  }

  @Test
  void formatsAnewWhatACrashLeftHalfFormatted() throws Exception {
    Path unfinished = Files.createDirectories(dir.resolve("log.unfinished"));
    Files.writeString(unfinished.resolve("meta.properties"), "cluster.id=torn");

    try (EmbeddedBroker broker = start("start after torn format")) {
      assertThat(broker.clusterId()).isNotEqualTo("torn");
      assertThat(unfinished).doesNotExist();
    }
  }

  @Test
  void servesOnAnotherControllerPortWhenSomebodyElseHasTheOld() throws Exception {
    BrokerConfig first;
    try (EmbeddedBroker broker = start("first start")) {
      first = broker.config();
      new TestLog(broker.bootstrapServers()).create();
    }

    try (ServerSocket somebody = TestPorts.listen(first.controllerPort());
        EmbeddedBroker broker = start("start on another controller port")) {
      assertThat(broker.config().controllerPort()).isNotEqualTo(somebody.getLocalPort());
      TestLog log = new TestLog(broker.bootstrapServers());
      try (KafkaProducer<String, String> producer = log.producer(Map.of())) {
        producer.send(new ProducerRecord<>(TestLog.TOPIC, "0")).get();
      }
      assertThat(log.committedValues()).containsExactly("0");
    }
  }

  @Test
  void refusesASecondBrokerOnTheSameDirectory() {
    try (EmbeddedBroker broker = start("first start")) {
      assertThatThrownBy(() -> EmbeddedBroker.start(BrokerConfig.in(dir).withPort(port)))
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
      assertThat(broker.clusterId()).isNotEmpty();
    }
  }

  @Test
  void refusesALogDirectoryWithoutIdentityInsteadOfFormattingOverIt() throws Exception {
    Path precious = Files.createDirectories(dir.resolve("log")).resolve("precious");
    Files.writeString(precious, "kept");

    assertThatThrownBy(() -> EmbeddedBroker.start(BrokerConfig.in(dir).withPort(port)))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("meta.properties");
    assertThat(precious).hasContent("kept");
  }

  private EmbeddedBroker start(String occasion) {
    long began = System.nanoTime();
    EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.in(dir).withPort(port));
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    System.out.println("embedded broker, " + occasion + ": " + took.toMillis() + " ms");
    return broker;
  }

  private static void commit(KafkaProducer<String, String> producer, int from, int to) {
    producer.beginTransaction();
    send(producer, from, to);
    producer.commitTransaction();
  }

  private static void abort(KafkaProducer<String, String> producer, int from, int to) {
    producer.beginTransaction();
    send(producer, from, to);
    producer.flush();
    producer.abortTransaction();
  }

  private static void send(KafkaProducer<String, String> producer, int from, int to) {
    for (String value : TestLog.numbers(from, to)) {
      producer.send(new ProducerRecord<>(TestLog.TOPIC, value));
    }
  }
}
