package dev.holdfast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.config.InvalidConfig;
import dev.holdfast.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerConfigTest {
  private static WorkerConfig from(Map<String, String> values) {
    var settings = Settings.of(values);
    return settings.build(() -> WorkerConfig.from(settings, Map.of("PATH", "/bin")));
  }

  @Test
  void hasDefaults() {
    var config = from(Map.of());

    assertThat(config.name()).isEmpty();
    assertThat(config.slots()).isEqualTo(4);
    assertThat(config.times().drain()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.times().stopGrace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.limits().output().headBytes()).isEqualTo(64 * 1024 * 1024);
    assertThat(config.supplies().secrets()).isEqualTo(config.data().resolve("secrets"));
    assertThat(config.supplies().agentFiles()).isEqualTo(config.data().resolve("agent-files"));
    assertThat(config.environment()).containsExactly(Map.entry("PATH", "/bin"));
  }

  @Test
  void readsEveryKey() {
    var config =
        from(
            Map.of(
                "HOLDFAST_SECRETS", "/etc/holdfast/secrets",
                "HOLDFAST_WORKER", "w-7",
                "HOLDFAST_DATA", "/data/w-7",
                "HOLDFAST_SLOTS", "9",
                "HOLDFAST_DRAIN", "1m",
                "HOLDFAST_STOP_GRACE", "2s",
                "HOLDFAST_OUTPUT_LIMIT", "1000",
                "HOLDFAST_RESULT_LIMIT", "2000"));

    assertThat(config.name()).contains("w-7");
    assertThat(config.supplies().secrets()).isEqualTo(Path.of("/etc/holdfast/secrets"));
    assertThat(config.data()).isEqualTo(Path.of("/data/w-7"));
    assertThat(config.slots()).isEqualTo(9);
    assertThat(config.times().drain()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.times().stopGrace()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.limits().output().headBytes()).isEqualTo(1000);
    assertThat(config.limits().collect().bundleBytes()).isEqualTo(2000);
    assertThat(config.limits().collect().diffBytes()).isEqualTo(2000);
  }

  @Test
  void tellsAllThatIsWrongAtOnce() {
    assertThatThrownBy(() ->
            from(
                Map.of(
                    "HOLDFAST_WORKER", "no spaces, please",
                    "HOLDFAST_SLOTS", "none",
                    "HOLDFAST_DRAIN", "soon")))
        .isInstanceOf(InvalidConfig.class)
        .hasMessageContaining("HOLDFAST_WORKER")
        .hasMessageContaining("HOLDFAST_SLOTS")
        .hasMessageContaining("HOLDFAST_DRAIN");
  }
}
