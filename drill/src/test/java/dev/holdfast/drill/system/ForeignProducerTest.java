package dev.holdfast.drill.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.drill.check.TopicDump;
import dev.holdfast.drill.system.RunningSystem.Running;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.topic.CellTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Other systems write straight into Kafka, well and badly. */
@ExtendWith(RunningSystem.class)
class ForeignProducerTest {
  private static final Pattern KCAT_EXAMPLE =
      Pattern.compile("<!-- example:kcat-submit -->\\s+```sh\\s+(.*?)\\s+```", Pattern.DOTALL);

  /** The example of docs/protocol.md, word for word but for the broker's address. */
  @Test
  void submitsWithKcatAsTheDocumentSays(Running system) throws Exception {
    boolean kcat = Files.isExecutable(Path.of("/usr/bin/kcat"));
    if (System.getenv("CI") != null) {
      assertThat(kcat).as("kcat is installed by the checks").isTrue();
    }
    Assumptions.assumeTrue(kcat, "skipped: there is no /usr/bin/kcat (Debian: apt install kcat)");
    var matcher = KCAT_EXAMPLE.matcher(Files.readString(protocolDocument()));
    assertThat(matcher.find()).isTrue();
    String command =
        matcher.group(1).replace("127.0.0.1:9092", system.plan().broker().bootstrapServers());

    Process process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();

    assertThat(system.awaitEnd("my-job-1").path("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(new String(system.stdout("my-job-1"), UTF_8)).isEqualTo("hello\n");
  }

  @Test
  void whatCannotBeUnderstoodGoesToTheDeadLettersAndTheNextIsProcessed(Running system)
      throws Exception {
    String topic = CellTopic.COMMANDS.in("main");
    byte[] good =
        "{\"type\":\"submit\",\"job\":\"after-junk\",\"by\":\"test\",\"spec\":{\"command\":[\"true\"]}}"
            .getBytes(UTF_8);
    List<ProducerRecord<String, byte[]>> records =
        List.of(
            new ProducerRecord<>(topic, "junk-1", "not json".getBytes(UTF_8)),
            new ProducerRecord<>(topic, "junk-2", null),
            new ProducerRecord<>(topic, "junk-3", "{\"type\":\"explode\"}".getBytes(UTF_8)),
            new ProducerRecord<>(topic, "wrong-key", good),
            new ProducerRecord<>(topic, "after-junk", good));

    try (var producer =
        new KafkaClients(system.plan().broker().bootstrapServers())
            .producer("stranger", Duration.ofSeconds(30))) {
      for (var record : records) {
        producer.send(record).get();
      }
    }

    assertThat(system.awaitEnd("after-junk").path("state").asText()).isEqualTo("SUCCEEDED");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          var letters =
              TopicDump.read(
                  system.plan().broker().bootstrapServers(), CellTopic.DEAD_LETTERS.in("main"));
          assertThat(letters).hasSize(4);
          assertThat(letters)
              .allSatisfy(letter -> {
                assertThat(letter.headers().lastHeader("reason")).isNotNull();
                assertThat(letter.headers().lastHeader("offset")).isNotNull();
              });
        });
  }

  private static Path protocolDocument() throws IOException {
    for (Path here = Path.of("").toAbsolutePath(); here != null; here = here.getParent()) {
      Path document = here.resolve("docs/protocol.md");
      if (Files.exists(document)) {
        return document;
      }
    }
    throw new IOException("docs/protocol.md is not above " + Path.of("").toAbsolutePath());
  }
}
