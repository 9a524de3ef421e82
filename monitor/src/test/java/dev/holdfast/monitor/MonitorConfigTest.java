package dev.holdfast.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.runtime.config.InvalidConfig;
import dev.holdfast.runtime.config.Settings;
import dev.holdfast.schemas.lease.Liveness;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MonitorConfigTest {
  @Test
  void standsOnItsDefaults() {
    MonitorConfig config = build(Map.of());

    assertThat(config.cell().cell()).isEqualTo("main");
    assertThat(config.cell().liveness()).isEqualTo(Liveness.DEFAULT);
    assertThat(config.stateDir()).isAbsolute().endsWithRaw(Path.of("monitor"));
    assertThat(config.standbys()).isZero();
    assertThat(config.management().port()).isZero();
  }

  @Test
  void takesWhatIsSet() {
    MonitorConfig config =
        build(
            Map.of(
                "HOLDFAST_CELL", "blue",
                "HOLDFAST_DATA", "/srv/holdfast",
                "HOLDFAST_STANDBYS", "1",
                "HOLDFAST_HEARTBEAT", "1s",
                "HOLDFAST_STALE_AFTER", "5s",
                "HOLDFAST_MANAGEMENT", "127.0.0.1:9100"));

    assertThat(config.cell().cell()).isEqualTo("blue");
    assertThat(config.stateDir()).hasToString("/srv/holdfast/monitor");
    assertThat(config.standbys()).isEqualTo(1);
    assertThat(config.cell().tick().toMillis()).isEqualTo(166);
    assertThat(config.management().port()).isEqualTo(9100);
  }

  @Test
  void tellsAllThatIsWrongAtOnce() {
    assertThatExceptionOfType(InvalidConfig.class)
        .isThrownBy(() -> build(Map.of("HOLDFAST_STANDBYS", "many", "HOLDFAST_CELL", "No!")))
        .withMessageContaining("HOLDFAST_STANDBYS")
        .withMessageContaining("HOLDFAST_CELL");
  }

  private static MonitorConfig build(Map<String, String> values) {
    Settings settings = Settings.of(values);
    return settings.build(() -> MonitorConfig.from(settings));
  }
}
