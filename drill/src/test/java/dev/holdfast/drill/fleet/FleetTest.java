package dev.holdfast.drill.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.drill.engine.PrivateEngine;
import dev.holdfast.drill.engine.SharedEngine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Three brokers, two of each service, two workers: started once, hurt more with each test. */
@ExtendWith(SharedEngine.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FleetTest {
  private static final int JOBS = 6;

  private static @Nullable ComposeFleet fleet;

  @BeforeAll
  static void start(PrivateEngine engine) {
    fleet = ComposeFleet.up(engine, 2);
  }

  @AfterAll
  static void leaveNothingBehind(PrivateEngine engine) {
    if (fleet != null) {
      fleet.close();
    }
    // The engine is still at the removal of replaced containers when compose has answered.
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() ->
            assertThat(engine.docker("ps", "--all", "--format", "{{.Names}} {{.Status}}"))
                .isEmpty());
    assertThat(engine.docker("volume", "ls", "--quiet")).isEmpty();
    assertThat(engine.docker("network", "ls", "--format", "{{.Name}}").split("\n"))
        .containsExactlyInAnyOrder("bridge", "host", "none");
  }

  @Test
  @Order(1)
  void runsAJobFromEitherGateway() {
    String id = fleet.submit(1, "first", "echo \"attempt $HOLDFAST_ATTEMPT as user $(id -u)\"");

    assertThat(fleet.awaitEnd(2, id).path("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(fleet.stdout(1, id)).isEqualTo("attempt 1 as user 10001\n");
    assertThat(fleet.stdout(2, id)).isEqualTo(fleet.stdout(1, id));
  }

  @Test
  @Order(2)
  void runsNothingAsRootAndLimitsAll(PrivateEngine engine) {
    String[] containers = engine.docker("ps", "--quiet").split("\n");

    assertThat(containers).hasSize(11);
    for (String container : containers) {
      String facts =
          engine.docker(
              "inspect",
              "--format",
              "{{.Config.User}} {{.HostConfig.Memory}} {{.HostConfig.CapDrop}}",
              container);
      assertThat(facts).matches("(appuser|10001:10001) [1-9][0-9]+ \\[ALL]");
    }
  }

  @Test
  @Order(3)
  void losesNothingWithABrokerAndAWorkerKilled(PrivateEngine engine) {
    List<String> jobs =
        IntStream.range(0, JOBS)
            .mapToObj(n ->
                fleet.submit(
                    1 + n % 2,
                    "killed-" + n,
                    """
                    [ $HOLDFAST_ATTEMPT -gt 1 ] || sleep 20
                    echo "ended in attempt $HOLDFAST_ATTEMPT"
                    """))
            .toList();
    jobs.forEach(id -> fleet.awaitRunning(1, id));
    String victim = fleet.job(1, jobs.getFirst()).path("worker").asText();
    Set<String> hit =
        jobs.stream()
            .filter(id -> fleet.job(1, id).path("worker").asText().equals(victim))
            .collect(Collectors.toSet());

    engine.crash("fleet_broker-2_1");
    engine.crash(fleet.containerOf(victim));

    for (String id : jobs) {
      JsonNode job = fleet.awaitEnd(2, id);
      int attempts = hit.contains(id) ? 2 : 1;
      assertThat(job.path("state").asText()).isEqualTo("SUCCEEDED");
      assertThat(job.path("attempt").asInt()).as(id).isEqualTo(attempts);
      assertThat(job.path("lostAttempts").asInt()).isEqualTo(attempts - 1);
      assertThat(fleet.happened(id, "ended")).isOne();
      assertThat(fleet.stdout(2, id)).isEqualTo("ended in attempt " + attempts + "\n");
    }
    awaitHealthy(engine, "fleet_broker-2_1");
    // The container is the same, so the worker is, too.
    fleet.awaitReady();
    assertThat(fleet.workers(1).map(worker -> worker.path("id").asText())).contains(victim);
  }

  @Test
  @Order(4)
  void aWorkerIsTheSameInANewContainer() {
    List<String> before = workers();
    List<String> containers = fleet.workerContainers();

    fleet.replaceWorkers(2);

    fleet.awaitReady();
    assertThat(workers()).isEqualTo(before);
    assertThat(fleet.workerContainers()).doesNotContainAnyElementsOf(containers);
  }

  @Test
  @Order(5)
  void givesTheJobOfARemovedWorkerToAnother(PrivateEngine engine) {
    String id =
        fleet.submit(
            1,
            "removed",
            "[ $HOLDFAST_ATTEMPT -gt 1 ] || sleep 600; echo \"attempt $HOLDFAST_ATTEMPT\"");
    String gone = fleet.awaitRunning(1, id).path("worker").asText();

    engine.docker("rm", "--force", "--volumes", fleet.containerOf(gone));

    JsonNode job = fleet.awaitEnd(1, id);
    assertThat(job.path("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(job.path("worker").asText()).isNotEqualTo(gone);
    assertThat(fleet.stdout(1, id)).isEqualTo("attempt 2\n");
  }

  private static List<String> workers() {
    return fleet.workers(1).map(worker -> worker.path("id").asText()).sorted().toList();
  }

  private static void awaitHealthy(PrivateEngine engine, String container) {
    await(container + " to be healthy")
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> engine.docker("inspect", "--format", "{{.State.Health.Status}}", container),
            "healthy"::equals);
  }
}
