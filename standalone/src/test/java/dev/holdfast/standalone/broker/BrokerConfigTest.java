package dev.holdfast.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Test;

class BrokerConfigTest {

  private static final BrokerConfig SETTLED =
      BrokerConfig.in(Path.of("/data")).withPort(9092).withControllerPort(9093);

  @Test
  void namesOnlySettingsThatTheBrokerKnows() {
    assertThat(AbstractKafkaConfig.CONFIG_DEF.names())
        .containsAll(SETTLED.withFsyncEachAppend(true).toProperties().stringPropertyNames());
  }

  @Test
  void passesTheBrokersOwnChecks() {
    KafkaConfig accepted = new KafkaConfig(SETTLED.toProperties(), false);

    assertThat(accepted.brokerSessionTimeoutMs()).isEqualTo(1000);
  }

  @Test
  void listensAndAdvertisesWhatWasAsked() {
    Properties settings = SETTLED.withHost("0.0.0.0", "broker.example").toProperties();

    assertThat(settings)
        .containsEntry("listeners", "CLIENT://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093")
        .containsEntry(
            "advertised.listeners", "CLIENT://broker.example:9092,CONTROLLER://127.0.0.1:9093");
  }

  @Test
  void writesIpv6AddressesInBrackets() {
    assertThat(SETTLED.withHost("::1", "::1").bootstrapServers()).isEqualTo("[::1]:9092");
  }

  @Test
  void flushesEachAppendOnlyWhenAsked() {
    assertThat(SETTLED.toProperties()).doesNotContainKey("log.flush.interval.messages");
    assertThat(SETTLED.withFsyncEachAppend(true).toProperties())
        .containsEntry("log.flush.interval.messages", "1");
  }

  @Test
  void refusesToRenderPortsThatAreNotSettled() {
    assertThatThrownBy(() -> BrokerConfig.in(Path.of("/data")).toProperties())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/data");
  }

  @Test
  void refusesAnAdvertisedNameThatNobodyCanReach() {
    assertThatThrownBy(() -> SETTLED.withHost("0.0.0.0", "0.0.0.0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("advertise");
  }

  @Test
  void refusesOnePortForBoth() {
    assertThatThrownBy(() -> SETTLED.withControllerPort(9092))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("9092");
  }

  @Test
  void refusesAPortThatIsNone() {
    assertThatThrownBy(() -> SETTLED.withPort(65536)).hasMessageContaining("65536");
  }
}
