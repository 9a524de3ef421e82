package dev.holdfast.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.standalone.supervise.DirectoryInUseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real broker in a JVM of its own, as {@code holdfast up} runs it. */
@Timeout(300)
class BrokerCrashTest {

  private static final Duration GENEROUS = Duration.ofSeconds(120);

  @TempDir Path dir;

  private int port;

  @BeforeEach
  void choosePort() throws Exception {
    port = TestPorts.free();
  }

  @Test
  void keepsEveryAcknowledgedRecordOnceWhenKilledInTheMiddleOfWriting() throws Exception {
    Queue<String> acked = new ConcurrentLinkedQueue<>();
    Queue<Exception> failed = new ConcurrentLinkedQueue<>();
    AtomicBoolean writing = new AtomicBoolean(true);
    BrokerProcess first = BrokerProcess.start(dir, port);
    System.out.println(first.awaitLine("broker ready"));
    TestLog log = new TestLog("127.0.0.1:" + port);
    log.create();

    try (KafkaProducer<String, String> producer = log.producer(Map.of("linger.ms", "1"))) {
      Thread writer = Thread.startVirtualThread(() -> write(producer, writing, acked, failed));
      await().atMost(GENEROUS).until(() -> acked.size() > 2_000);

      first.kill();
      int ackedBeforeRestart = acked.size();
      long killedNanos = System.nanoTime();
      try (BrokerProcess second = BrokerProcess.start(dir, port)) {
        System.out.println(second.awaitLine("broker ready"));
        await().atMost(GENEROUS).until(() -> acked.size() > ackedBeforeRestart + 2_000);
        System.out.printf(
            "writing again %d ms after kill -9%n",
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNanos));
        writing.set(false);
        writer.join();
        producer.flush();

        assertThat(failed).isEmpty();
        List<String> kept = log.committedValues();
        assertThat(kept).hasSameSizeAs(new HashSet<>(kept));
        assertThat(new HashSet<>(kept).containsAll(acked)).isTrue();
        System.out.printf("%d acknowledged, %d kept%n", acked.size(), kept.size());
      }
    } finally {
      first.close();
    }
  }

  @Test
  void refusesASecondBrokerInAnotherProcessAndNamesTheFirst() throws Exception {
    try (BrokerProcess first = BrokerProcess.start(dir, port)) {
      first.awaitLine("broker ready");

      assertThatThrownBy(() -> EmbeddedBroker.start(BrokerConfig.in(dir)))
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessageContaining("pid " + first.process().pid())
          .hasMessageContaining(dir.toRealPath().toString());
    }
  }

  @Test
  void ignoresInterruptAndHangupAndClosesOnTerm() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(dir, port)) {
      broker.awaitLine("broker ready");
      signal("INT", broker);
      signal("HUP", broker);
      new TestLog("127.0.0.1:" + port).create();

      broker.process().destroy();

      assertThat(broker.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(broker.process().exitValue()).isEqualTo(128 + 15);
      assertThat(dir.resolve("log/.kafka_cleanshutdown")).exists();
    }
  }

  private static void write(
      KafkaProducer<String, String> producer,
      AtomicBoolean writing,
      Queue<String> acked,
      Queue<Exception> failed) {
    Semaphore underWay = new Semaphore(500);
    for (int number = 0; writing.get(); number++) {
      String value = Integer.toString(number);
      underWay.acquireUninterruptibly();
      producer.send(
          new ProducerRecord<>(TestLog.TOPIC, value),
          (metadata, error) -> {
            underWay.release();
            if (error == null) {
              acked.add(value);
            } else {
              failed.add(error);
            }
          });
    }
  }

  private static void signal(String name, BrokerProcess broker) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(broker.process().pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
