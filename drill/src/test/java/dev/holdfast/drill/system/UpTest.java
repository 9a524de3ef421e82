package dev.holdfast.drill.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of {@code holdfast up}: refused, killed, adopted, drained with and without jobs. */
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
  void isRefusedBesideAnotherAdoptsAfterAKillAndDrains() throws Exception {
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
    Path elsewhere = temporary.toRealPath().resolve("elsewhere");
    Process other = up(elsewhere, http, Systems.freePort(), "other.log");
    assertThat(other.waitFor()).isEqualTo(5);
    assertThat(log("other.log")).contains("cannot listen on 127.0.0.1:" + http, "--http");
    assertThat(elsewhere.resolve("pids")).doesNotExist();

    Waiting adopted = submitWaiting(api, "adopted");
    first.destroyForcibly().waitFor();

    Process third = up(data, http, kafka, "third.log");
    awaitLine("third.log", "Holdfast is up");
    assertThat(log("third.log"))
        .contains("broker: still lives, adopted")
        .contains("control: still lives, adopted")
        .contains("worker-1: still lives, adopted");
    awaitOnlyAttempt(api, adopted);

    String worker = Files.readString(data.resolve("pids/worker-1.pid")).strip();
    ProcessHandle.of(Long.parseLong(worker)).orElseThrow().destroyForcibly();
    awaitLine("third.log", "worker-1: died");
    await("a new pid in the file")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> !Files.readString(data.resolve("pids/worker-1.pid")).strip().equals(worker));

    Waiting left = submitWaiting(api, "left");
    interrupt(third);
    assertThat(third.waitFor()).isZero();
    assertThat(log("third.log")).contains("draining");

    Process fourth = up(data, http, kafka, "fourth.log");
    awaitLine("fourth.log", "Holdfast is up");
    awaitOnlyAttempt(api, left);

    fourth.destroy();
    assertThat(fourth.waitFor()).isZero();
    assertThat(new Leftovers(data).count()).isZero();
  }

  @Test
  void isStoppedWhileItStarts() throws Exception {
    Path data = temporary.toRealPath().resolve("data");

    Process up = up(data, Systems.freePort(), Systems.freePort(), "up.log");
    awaitLine("up.log", "worker-1: started");
    up.destroy();

    assertThat(up.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(up.exitValue()).isZero();
    assertThat(log("up.log")).contains("stopped").doesNotContain("Holdfast is up");
    assertThat(new Leftovers(data).count()).isZero();
  }

  /** A job that runs until there is a file. */
  private record Waiting(String id, Path go) {}

  private Waiting submitWaiting(Api api, String name) throws Exception {
    Path go = temporary.toRealPath().resolve(name);
    ObjectNode spec = JSON.createObjectNode();
    spec.putArray("command")
        .add("sh")
        .add("-c")
        .add("while [ ! -e %s ]; do sleep 0.1; done".formatted(go));
    String job = api.post("/v1/jobs", Map.of("Idempotency-Key", name), spec).path("id").asText();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> api.get("/v1/jobs/" + job).path("phase").asText().equals("running"));
    return new Waiting(job, go);
  }

  private static void awaitOnlyAttempt(Api api, Waiting job) throws Exception {
    Files.createFile(job.go());
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> api.get("/v1/jobs/" + job.id()).path("state").asText().equals("SUCCEEDED"));
    assertThat(api.get("/v1/jobs/" + job.id()).path("attempt").asInt()).isEqualTo(1);
  }

  /** Ctrl-C; or TERM, where whatever runs the tests in the background made them deaf to it. */
  private static void interrupt(Process process) throws Exception {
    String ignored =
        Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"))
            .replaceAll("(?s).*SigIgn:\\s*(\\w+).*", "$1");
    boolean deaf = (Long.parseUnsignedLong(ignored, 16) & 0b10) != 0;
    new ProcessBuilder("kill", deaf ? "-TERM" : "-INT", Long.toString(process.pid()))
        .start()
        .waitFor();
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
                "30s",
                "--drain",
                "1s")
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
