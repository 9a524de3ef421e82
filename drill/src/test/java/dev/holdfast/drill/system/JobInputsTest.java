package dev.holdfast.drill.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.drill.system.RunningSystem.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Files, secrets and progress of a job, from the API to its process and back. */
@ExtendWith(RunningSystem.class)
class JobInputsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CANARY = "cAnary/0815+zYx-keepOut";

  /**
   * A job prints its secret in every spelling, in one piece and in two, tells it as its progress
   * and changes a file with it: it is in nothing that Holdfast has written, nor in any command
   * line.
   */
  @Test
  void aSecretStaysWhereItIs(Running system) throws Exception {
    Path store = Files.createDirectories(system.directory().resolve("secrets"));
    Path secret = Files.writeString(store.resolve("canary"), CANARY + "\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path go = system.directory().resolve("inputs-go");
    ObjectNode spec = JSON.createObjectNode();
    spec.putArray("command")
        .add("sh")
        .add("-c")
        .add(
            """
            echo "marker-of-this-test $TOKEN"; echo "marker-of-this-test $TOKEN" >&2
            cat "$HOLDFAST_SECRETS/canary"
            printf %%s "$TOKEN" | base64; printf %%s "$TOKEN" | od -An -v -tx1 | tr -d ' \\n'; echo
            printf %%s "$TOKEN" | sed 's|/|%%2F|g; s|+|%%2B|g'; echo
            printf '%%s' "$(printf %%s "$TOKEN" | cut -c1-9)"; sleep 0.5
            printf '%%s\\n' "$(printf %%s "$TOKEN" | cut -c10-)"
            echo "60 with $TOKEN" > "$HOLDFAST_PROGRESS"
            cat "$HOLDFAST_FILES/prompt"
            until [ -e %s ]; do sleep 0.05; done
            """
                .formatted(go));
    spec.putObject("files").put("prompt", "$(echo no) `echo no` \"'\n");
    spec.putArray("secrets").addObject().put("name", "canary").put("env", "TOKEN");
    spec.withArray("secrets").addObject().put("name", "canary");

    String id = system.submit(spec);

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> system.job(id).at("/progress/percent").asInt() == 60);
    assertThat(system.job(id).at("/progress/text").asText()).isEqualTo("with " + stars(CANARY));
    assertThat(commandLines()).noneMatch(line -> line.contains(CANARY));
    Files.createFile(go);
    JsonNode job = system.awaitEnd(id);

    assertThat(job.path("state").asText()).as(job.toPrettyString()).isEqualTo("SUCCEEDED");
    String base64 = Base64.getEncoder().encodeToString(CANARY.getBytes(UTF_8));
    assertThat(new String(system.stdout(id), UTF_8).replace("=", "*"))
        .isEqualTo(
            """
            marker-of-this-test %s
            %s
            %s
            %s
            %s
            %s
            $(echo no) `echo no` "'
            """
                .formatted(
                    stars(CANARY),
                    stars(CANARY),
                    stars(base64),
                    stars(CANARY + CANARY),
                    stars(CANARY + "1234"),
                    stars(CANARY)));
    Path runs = system.directory().resolve("workers");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(holding(runs, CANARY)).isEmpty());
    assertThat(inBase64("marker-of-this-test *"))
        .as("what was printed is found where it was kept: the search works")
        .anyMatch(text -> !holding(system.directory().resolve("broker"), text).isEmpty());
    var spellings = new ArrayList<>(inBase64(CANARY));
    spellings.add(CANARY);
    spellings.add(HexFormat.of().formatHex(CANARY.getBytes(UTF_8)));
    spellings.add(CANARY.replace("/", "%2F"));
    for (String spelling : spellings) {
      assertThat(holding(system.directory(), spelling))
          .filteredOn(file -> !file.equals(secret))
          .isEmpty();
      assertThat(holding(Path.of("/dev/shm"), spelling)).isEmpty();
    }
  }

  /** Output lies in the log in Base64, where a text looks different at each of three places. */
  private static List<String> inBase64(String text) {
    return Stream.of("", "x", "xx")
        .map(before -> {
          byte[] bytes = (before + text).getBytes(UTF_8);
          String encoded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
          return encoded.substring(
              before.isEmpty() ? 0 : before.length() + 1, bytes.length * 8 / 6);
        })
        .toList();
  }

  private static String stars(String text) {
    return "*".repeat(text.length());
  }

  @Test
  void saysWhichSecretIsMissing(Running system) throws Exception {
    JsonNode spec =
        JSON.readTree("{\"command\":[\"true\"],\"secrets\":[{\"name\":\"no-such-secret\"}]}");

    JsonNode job = system.awaitEnd(system.submit(spec));

    assertThat(job.path("state").asText()).isEqualTo("FAILED");
    assertThat(job.path("reason").asText()).contains("no-such-secret", "mode 600");
  }

  private static List<String> commandLines() {
    return ProcessHandle.allProcesses()
        .map(process -> {
          try {
            return Files.readString(Path.of("/proc", process.pid() + "", "cmdline"), ISO_8859_1);
          } catch (IOException e) {
            return "";
          }
        })
        .toList();
  }

  /** All files below that hold this text; those that disappear meanwhile hold nothing. */
  private static List<Path> holding(Path top, String text) {
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(file -> Files.isRegularFile(file) && holds(file, text)).toList();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof NoSuchFileException) {
        return holding(top, text);
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean holds(Path file, String text) {
    try {
      return Files.size(file) < 64 << 20 && Files.readString(file, ISO_8859_1).contains(text);
    } catch (IOException e) {
      return false;
    }
  }
}
