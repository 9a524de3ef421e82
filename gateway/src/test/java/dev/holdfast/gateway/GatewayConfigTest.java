package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.config.Address;
import dev.holdfast.runtime.config.InvalidConfig;
import dev.holdfast.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayConfigTest {
  private static GatewayConfig config(Map<String, String> values) {
    var settings = Settings.of(values);
    return settings.build(() -> GatewayConfig.from(settings));
  }

  @Test
  void listensOnLoopbackUnlessTold() {
    GatewayConfig config = config(Map.of());

    assertThat(config.http()).isEqualTo(new Address("127.0.0.1", 8080));
    assertThat(config.decisionWait()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void takesWhatItIsTold() {
    GatewayConfig config =
        config(
            Map.of(
                "HOLDFAST_HTTP", "[::1]:9000",
                "HOLDFAST_DATA", "/srv/holdfast",
                "HOLDFAST_CELL", "eu",
                "HOLDFAST_DECISION_WAIT", "500ms"));

    assertThat(config.http()).isEqualTo(new Address("::1", 9000));
    assertThat(config.data()).startsWithRaw(Path.of("/srv/holdfast"));
    assertThat(config.cell().cell()).isEqualTo("eu");
    assertThat(config.decisionWait()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void tellsAllThatIsWrong() {
    assertThatThrownBy(
            () -> config(Map.of("HOLDFAST_HTTP", "nowhere", "HOLDFAST_DECISION_WAIT", "10m")))
        .isInstanceOf(InvalidConfig.class)
        .hasMessageContaining("HOLDFAST_HTTP")
        .hasMessageContaining("HOLDFAST_DECISION_WAIT");
  }
}
