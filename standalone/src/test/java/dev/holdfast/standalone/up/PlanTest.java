package dev.holdfast.standalone.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.config.Address;
import dev.holdfast.standalone.broker.BrokerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The names are those of the pid files and the logs. */
class PlanTest {

  @Test
  void hasOneProcessForTheControlPlane() {
    assertThat(plan(false).names()).containsExactly("broker", "control", "worker-1", "worker-2");
  }

  @Test
  void hasAProcessForEachRoleWhenTheyAreToBeSeparate() {
    assertThat(plan(true).names())
        .containsExactly("broker", "coordinator", "monitor", "gateway", "worker-1", "worker-2");
  }

  private static Plan plan(boolean separate) {
    return new Plan(
        Path.of("/data"),
        BrokerConfig.in(Path.of("/data/broker")),
        List.of(),
        new Address("127.0.0.1", 8080),
        2,
        4,
        separate,
        "PT30S",
        "PT2M",
        Duration.ofSeconds(30));
  }
}
