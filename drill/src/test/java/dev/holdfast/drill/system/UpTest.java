package dev.holdfast.drill.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.drill.chaos.Systems;
import dev.holdfast.standalone.Main;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.demo.Leftovers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of {@code holdfast up}: refused twice, killed, adopted, drained. */
class UpTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path temporary;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endWhatIsLeft() {
    started.forEach(Process::destroyForcibly);
    new Leftovers(temporary).end();
  }

  @Test
  void isRefusedTwiceAdoptsAfterAKillAndDrains() throws Exception {
    Path data = temporary.toRealPath().resolve("data");
    int http = Systems.freePort();
    int kafka = Systems.freePort();
    var api = new Api(URI.create("http://127.0.0.1:" + http));

    Process first = up(data, http, kafka, "first.log");
    awaitLine("first.log", "Holdfast is up");
    assertThat(data.resolve("pids")).isDirectoryContaining("glob:**/{broker,control,worker-1}.pid");

    Process second = up(data, http, kafka, "second.log");
    assertThat(second.waitFor()).isEqualTo(5);
    assertThat(log("second.log")).contains(Long.toString(first.pid()));

    String job =
        api.post(
                "/v1/jobs",
                Map.of(),
                JSON.readTree(
                    "{\"command\": [\"sh\", \"-c\", \"echo begun; sleep 8; echo done\"]}"))
            .path("id")
            .asText();
    await()
        .atMost(PATIENCE)
        .until(() -> api.get("/v1/jobs/" + job).path("phase").asText().equals("running"));
    first.destroyForcibly().waitFor();

    Process third = up(data, http, kafka, "third.log");
    awaitLine("third.log", "Holdfast is up");
    assertThat(log("third.log"))
        .contains("broker: still lives, adopted")
        .contains("control: still lives, adopted")
        .contains("worker-1: still lives, adopted");
    await()
        .atMost(PATIENCE)
        .until(() -> api.get("/v1/jobs/" + job).path("state").asText().equals("SUCCEEDED"));
    assertThat(api.get("/v1/jobs/" + job).path("attempt").asInt()).isEqualTo(1);

    third.destroy();
    assertThat(third.waitFor()).isZero();
    assertThat(new Leftovers(data).count()).isZero();
  }

  private Process up(Path data, int http, int kafka, String log) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dholdfast.home=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "up",
                "--data",
                data.toString(),
                "--http",
                "127.0.0.1:" + http,
                "--kafka",
                "127.0.0.1:" + kafka,
                "--workers",
                "1",
                "--heartbeat",
                "5s",
                "--stale-after",
                "30s")
            .redirectErrorStream(true)
            .redirectOutput(temporary.resolve(log).toFile())
            .start();
    started.add(process);
    return process;
  }

  private void awaitLine(String log, String wanted) {
    await(wanted).atMost(PATIENCE).until(() -> log(log).contains(wanted));
  }

  private String log(String name) throws IOException {
    return Files.readString(temporary.resolve(name), UTF_8);
  }
}
