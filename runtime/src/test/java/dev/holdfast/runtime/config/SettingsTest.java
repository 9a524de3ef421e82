package dev.holdfast.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingsTest {
  /** One of each kind of setting. */
  private record Sample(
      String cell, Duration heartbeat, int slots, long limit, boolean built, Address http) {
    static Sample from(Settings settings) {
      return new Sample(
          settings.text(Setting.CELL),
          settings.duration(Setting.HEARTBEAT),
          settings.integer(Setting.SLOTS, 1, 1000),
          settings.number(Setting.OUTPUT_LIMIT, 0, Long.MAX_VALUE),
          settings.flag(Setting.NO_BUILD),
          settings.address(Setting.HTTP));
    }
  }

  @Test
  void hasADefaultForEverything() {
    assertThat(built(Map.of()))
        .isEqualTo(
            new Sample(
                "main",
                Duration.ofSeconds(30),
                4,
                64L * 1024 * 1024,
                false,
                new Address("127.0.0.1", 8080)));
  }

  @Test
  void tellsAWrongValueOfASettingWithoutADefault() {
    Settings settings = Settings.of(Map.of("HOLDFAST_DISK_RESERVE", "much"));

    assertThatExceptionOfType(InvalidConfig.class)
        .isThrownBy(() -> settings.build(() -> settings.number(Setting.DISK_RESERVE, 0, 9)))
        .withMessageContaining("HOLDFAST_DISK_RESERVE: must be a whole number, not 'much'");
  }

  @Test
  void takesWhatIsGiven() {
    assertThat(
            built(
                Map.of(
                    "HOLDFAST_CELL", " team-a ",
                    "HOLDFAST_HEARTBEAT", "1s",
                    "HOLDFAST_SLOTS", "9",
                    "HOLDFAST_OUTPUT_LIMIT", "5000000000",
                    "HOLDFAST_NO_BUILD", "true",
                    "HOLDFAST_HTTP", "0.0.0.0:80")))
        .isEqualTo(
            new Sample(
                "team-a",
                Duration.ofSeconds(1),
                9,
                5_000_000_000L,
                true,
                new Address("0.0.0.0", 80)));
  }

  @Test
  void takesBlankForLeftOut() {
    assertThat(built(Map.of("HOLDFAST_SLOTS", " ")).slots()).isEqualTo(4);
  }

  @Test
  void tellsEveryProblemAtOnce() {
    Map<String, String> wrong =
        Map.of(
            "HOLDFAST_HEARTBEAT", "soon",
            "HOLDFAST_SLOTS", "0",
            "HOLDFAST_OUTPUT_LIMIT", "64MB",
            "HOLDFAST_NO_BUILD", "yes",
            "HOLDFAST_HTTP", "8080",
            "HOLDFAST_SLOT", "4",
            "HOLDFAST_AGENTS", "2");

    assertThatExceptionOfType(InvalidConfig.class)
        .isThrownBy(() -> built(wrong))
        .satisfies(e ->
            assertThat(e.problems())
                .containsExactly(
                    "HOLDFAST_HEARTBEAT: must be a duration such as 500ms, 30s, 2m, 1h or"
                        + " PT30S, not 'soon'",
                    "HOLDFAST_SLOTS: must be from 1 to 1000, not 0",
                    "HOLDFAST_OUTPUT_LIMIT: must be a whole number, not '64MB'",
                    "HOLDFAST_NO_BUILD: must be true or false, not 'yes'",
                    "HOLDFAST_HTTP: must be HOST:PORT, not '8080'",
                    "HOLDFAST_AGENTS: is not a known setting",
                    "HOLDFAST_SLOT: is not a known setting"))
        .withMessageContaining("the configuration cannot be used")
        .withMessageContaining("HOLDFAST_AGENTS");
  }

  @Test
  void leavesOtherPeoplesKeysAlone() {
    assertThat(built(Map.of("PATH", "/bin", "HOLDFASTER", "x")).cell()).isEqualTo("main");
  }

  @Test
  void makesPathsAbsolute() {
    Settings settings = Settings.of(Map.of("HOLDFAST_DATA", "a/../b"));

    assertThat(settings.path(Setting.DATA)).isEqualTo(Path.of("b").toAbsolutePath());
  }

  @Test
  void tellsLeftOutFromGiven() {
    assertThat(Settings.of(Map.of()).optional(Setting.WORKER)).isEmpty();
    assertThat(Settings.of(Map.of("HOLDFAST_WORKER", "w-1")).optional(Setting.WORKER))
        .contains("w-1");
  }

  @Test
  void showsWhatWasRead() {
    Settings settings = Settings.of(Map.of("HOLDFAST_SLOTS", "9"));
    settings.text(Setting.CELL);
    settings.integer(Setting.SLOTS, 1, 10);

    assertThat(settings.effective().strip().lines().map(String::strip))
        .containsExactly("HOLDFAST_CELL=main", "HOLDFAST_SLOTS=9");
  }

  @ParameterizedTest
  @EnumSource
  void explainsEverySetting(Setting setting) {
    assertThat(setting.key()).matches("HOLDFAST_[A-Z_]+");
    assertThat(setting.explanation()).isNotBlank();
  }

  @Test
  void namesEverySettingOnce() {
    List<String> keys = Arrays.stream(Setting.values()).map(Setting::key).toList();

    assertThat(keys).doesNotHaveDuplicates();
  }

  private static Sample built(Map<String, String> values) {
    Settings settings = Settings.of(values);
    return settings.build(() -> Sample.from(settings));
  }
}
