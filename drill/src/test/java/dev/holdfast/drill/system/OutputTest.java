package dev.holdfast.drill.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.drill.system.RunningSystem.Running;
import dev.holdfast.runtime.kafka.KafkaClients;
import dev.holdfast.schemas.topic.CellTopic;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Output of every shape: binary, one endless line, more than is kept. */
@ExtendWith(RunningSystem.class)
class OutputTest {
  private static final long GIBIBYTE = 1024L * 1024 * 1024;
  private static final long KEPT_AT_MOST = 70L * 1024 * 1024;

  /** What is kept, in base64, and the little around it. */
  private static final long IN_TOPIC_AT_MOST = KEPT_AT_MOST * 4 / 3;

  /** A worker's heap has 256 MiB; as much again is room for all else that a JVM needs. */
  private static final long WORKER_AT_MOST = 512L * 1024 * 1024;

  private static final int BROKER = 1;

  @Test
  void keepsBinaryOutputToTheByte(Running system) throws Exception {
    String id = system.submit("head -c 3000000 /dev/urandom", null, null);

    JsonNode total = system.awaitEnd(id).path("output").path("stdout");

    assertThat(total.path("bytes").asLong()).isEqualTo(3_000_000);
    assertThat(sha256(system.output(id, "stream=stdout").body()))
        .isEqualTo(total.path("sha256").asText());
  }

  @Test
  void keepsALineOfTenMegabytes(Running system) throws Exception {
    String id = system.submit("head -c 10485760 /dev/zero | tr '\\0' x", null, null);

    JsonNode total = system.awaitEnd(id).path("output").path("stdout");

    assertThat(total.path("bytes").asLong()).isEqualTo(10_485_760);
    assertThat(sha256(system.output(id, "stream=stdout").body()))
        .isEqualTo(total.path("sha256").asText());
  }

  @Test
  void readsFromAnyByte(Running system) throws Exception {
    String id = system.submit("printf 0123456789", null, null);
    system.awaitEnd(id);

    try (InputStream body = system.output(id, "stream=stdout&from=4").body()) {
      assertThat(body.readAllBytes()).asString().isEqualTo("456789");
    }
  }

  @Test
  void cutsAGigabyteAndMarksTheCut(Running system) throws Exception {
    List<OptionalLong> workers = workers(system);
    long topicBytes = outputTopicBytes(system);
    String id = system.submit("head -c 1073741824 /dev/zero; printf THE-END", null, null);

    JsonNode job = system.awaitEnd(id);

    JsonNode total = job.path("output").path("stdout");
    assertThat(job.path("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(total.path("bytes").asLong()).isEqualTo(GIBIBYTE + 7);
    assertThat(total.path("cutTo").asLong()).isGreaterThan(total.path("cutFrom").asLong());
    try (InputStream body = system.output(id, "stream=stdout").body()) {
      byte[] kept = body.readAllBytes();
      assertThat((long) kept.length).isLessThan(KEPT_AT_MOST);
      assertThat(new String(kept, kept.length - 7, 7, US_ASCII)).isEqualTo("THE-END");
      assertThat(new String(kept, ISO_8859_1))
          .contains("[holdfast: bytes " + total.path("cutFrom").asLong());
    }
    assertThat(workers(system)).isEqualTo(workers).doesNotContain(OptionalLong.empty());
    for (OptionalLong worker : workers) {
      assertThat(peakBytes(worker.getAsLong())).isLessThan(WORKER_AT_MOST);
    }
    assertThat(outputTopicBytes(system) - topicBytes).isLessThan(IN_TOPIC_AT_MOST);
  }

  private static List<OptionalLong> workers(Running system) {
    return Stream.of("worker-1", "worker-2").map(system.supervisor()::pid).toList();
  }

  /** The most memory that a process ever had, as the kernel counts it. */
  private static long peakBytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  private static long outputTopicBytes(Running system) throws Exception {
    var clients = new KafkaClients(system.plan().broker().bootstrapServers());
    try (var admin = clients.admin()) {
      return admin.describeLogDirs(List.of(BROKER)).allDescriptions().get().values().stream()
          .flatMap(directories -> directories.values().stream())
          .flatMap(directory -> directory.replicaInfos().entrySet().stream())
          .filter(replica -> replica.getKey().topic().equals(CellTopic.OUTPUT.in("main")))
          .mapToLong(replica -> replica.getValue().size())
          .sum();
    }
  }

  private static String sha256(InputStream body) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    try (var reading = new DigestInputStream(body, digest)) {
      reading.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
