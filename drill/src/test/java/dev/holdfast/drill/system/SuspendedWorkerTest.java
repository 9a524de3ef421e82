package dev.holdfast.drill.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.drill.chaos.Systems;
import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.demo.Leftovers;
import dev.holdfast.standalone.supervise.DataDirLock;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker is stopped by SIGSTOP for longer than stale-after, and goes on as if nothing had been:
 * its job was frozen before another worker began it again, and nothing of it has any effect.
 */
class SuspendedWorkerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path temporary;

  /** Each attempt writes down, 20 times a second, that it runs. */
  private static final String SCRIPT =
      """
      ticks=%1$s/ticks-$HOLDFAST_ATTEMPT
      echo $$ >%1$s/pid-$HOLDFAST_ATTEMPT
      n=0
      while [ "$HOLDFAST_ATTEMPT" = 1 ] || [ $n -lt 40 ]; do
        read now idle </proc/uptime; echo $now >>$ticks; sleep 0.05; n=$((n+1))
        [ -e %1$s/end-$HOLDFAST_ATTEMPT ] && exit 11
      done
      echo by attempt $HOLDFAST_ATTEMPT
      """;

  @Test
  void hasNoEffectOnceItsJobWasGivenAway() throws Exception {
    Path data = temporary.toRealPath().resolve("data");
    Files.createDirectories(data);
    Plan plan = Systems.plan(data, 2, 1, false, Duration.ofSeconds(1));
    Api api = new Api(plan.url());
    try (DataDirLock lock = DataDirLock.take(data, "test");
        var supervisor = new Supervisor(lock, event -> {})) {
      Systems.start(supervisor, plan);
      String job = submit(api, SCRIPT.formatted(temporary));
      await().atMost(PATIENCE).until(() -> Files.exists(temporary.resolve("ticks-1")));
      String holder = holder(data, job);
      long worker = supervisor.pid(holder).orElseThrow();

      signal("STOP", worker);
      await().atMost(PATIENCE).until(() -> Files.exists(temporary.resolve("ticks-2")));
      assertThat(ticks(1).getLast()).isLessThan(ticks(2).getFirst());
      int before = ticks(1).size();
      assertThat(frozenSince(data, holder, job)).isPositive();
      JsonNode done = awaitEnd(api, job);
      assertThat(ticks(1)).hasSize(before);

      signal("CONT", worker);
      await().atMost(PATIENCE).until(() -> runDirectories(data, holder).noneMatch(job::equals));
      assertThat(Path.of("/proc", Files.readString(temporary.resolve("pid-1")).strip()))
          .doesNotExist();
      assertThat(ticks(1)).as("it was ended as it stood").hasSize(before);
      assertThat(done.path("state").asText()).isEqualTo("SUCCEEDED");
      assertThat(done.path("attempt").asInt()).isEqualTo(2);
      assertThat(api.get("/v1/jobs/" + job)).isEqualTo(done);
      assertThat(stdout(api, job)).isEqualTo("by attempt 2\n");

      assertThat(supervisor.pid(holder)).as("the very process").hasValue(worker);
      String next = submit(api, "sleep 2; echo next");
      String other = submit(api, "sleep 2; echo next");
      assertThat(awaitEnd(api, next).path("state").asText()).isEqualTo("SUCCEEDED");
      assertThat(awaitEnd(api, other).path("state").asText()).isEqualTo("SUCCEEDED");
    } finally {
      new Leftovers(temporary.toRealPath()).end();
    }
  }

  private static String submit(Api api, String script) {
    var spec = JSON.createObjectNode();
    spec.putArray("command").add("sh").add("-c").add(script);
    return api.post("/v1/jobs", Map.of(), spec).path("id").asText();
  }

  private static JsonNode awaitEnd(Api api, String job) {
    return await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> api.get("/v1/jobs/" + job),
            answer -> List.of("SUCCEEDED", "FAILED").contains(answer.path("state").asText()));
  }

  private static String holder(Path data, String job) throws IOException {
    try (Stream<Path> workers = Files.list(data.resolve("workers"))) {
      return workers
          .map(worker -> worker.getFileName().toString())
          .filter(worker -> runDirectories(data, worker).anyMatch(job::equals))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Stream<String> runDirectories(Path data, String worker) {
    String[] names = data.resolve("workers").resolve(worker).resolve("runs").toFile().list();
    return names == null ? Stream.of() : Stream.of(names);
  }

  /** What the shim says in its beat. */
  private static long frozenSince(Path data, String worker, String job) throws IOException {
    Path runs = data.resolve("workers").resolve(worker).resolve("runs").resolve(job);
    try (Stream<Path> attempts = Files.list(runs)) {
      String beat = Files.readString(attempts.findFirst().orElseThrow().resolve("beat"));
      return Long.parseLong(beat.replaceAll("(?s).* frozen_since_ms=(\\d+) .*", "$1"));
    }
  }

  private List<Double> ticks(int attempt) throws IOException {
    return Files.readAllLines(temporary.resolve("ticks-" + attempt)).stream()
        .map(Double::valueOf)
        .toList();
  }

  private static String stdout(Api api, String job) throws IOException {
    try (InputStream body =
        api.stream("/v1/jobs/" + job + "/output?stream=stdout", Map.of()).body()) {
      return new String(body.readAllBytes(), UTF_8);
    }
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }
}
