package dev.holdfast.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class GroupSessionTest {

  @Test
  void isLongEnoughForABusyMachineHoweverLittleIsAllowed() {
    assertThat(GroupSession.shortest(brokers("1000"))).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void isNoShorterThanEveryBrokerAllows() {
    assertThat(GroupSession.shortest(brokers("1000", "8000", "6000")))
        .isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void isTheDefaultOfABrokerThatDoesNotTell() {
    Map<ConfigResource, Config> silent =
        Map.of(new ConfigResource(ConfigResource.Type.BROKER, "1"), new Config(List.of()));

    assertThat(GroupSession.shortest(silent)).isEqualTo(Duration.ofSeconds(6));
  }

  private static Map<ConfigResource, Config> brokers(String... leastAllowedMs) {
    Map<ConfigResource, Config> brokers = new HashMap<>();
    for (int id = 0; id < leastAllowedMs.length; id++) {
      brokers.put(
          new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id)),
          new Config(List.of(new ConfigEntry("group.min.session.timeout.ms", leastAllowedMs[id]))));
    }
    return brokers;
  }
}
