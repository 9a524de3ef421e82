package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchFileTest {

  private static final Launch.Timing TIMING =
      new Launch.Timing(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ZERO);
  private static final Launch.LeaseLoss LEASE_LOSS =
      new Launch.LeaseLoss(
          Launch.Policy.FREEZE, Path.of("/data/lock"), Duration.ofMinutes(10), Duration.ofDays(1));

  @Test
  void isReadableStringsWithChecksum() {
    byte[] bytes = LaunchFile.render(launch(List.of("sh", "-c", "true"), Map.of()));

    assertThat(List.of(new String(bytes, UTF_8).split("\0")))
        .startsWith("version=1", "cwd=/work tree", "stop_grace_ms=10000", "beat_ms=5000")
        .contains("frozen_limit_worker_ms=86400000", "worker_lock=/data/lock")
        .contains("on_lost_lease=freeze", "arg=sh", "arg=-c", "arg=true", "env=HOLDFAST_RUN=r1")
        .last()
        .asString()
        .matches("crc32=[0-9a-f]{8}");
  }

  @Test
  void readsWhatItWrote() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("B", "two\nlines = 2");
    variables.put("A", "");
    Launch launch = launch(List.of("größer", "", "arg=x", "\1\n"), variables);

    assertThat(LaunchFile.parse(LaunchFile.render(launch))).isEqualTo(new Reading.Whole<>(launch));
  }

  @Test
  void recognisesEveryFlippedByteAndEveryCut() {
    byte[] bytes = LaunchFile.render(launch(List.of("true"), Map.of("A", "b")));

    for (int i = 0; i < bytes.length; i++) {
      byte[] flipped = bytes.clone();
      flipped[i] ^= 4;
      assertThat(LaunchFile.parse(flipped)).as("byte %d", i).isInstanceOf(Reading.Damaged.class);
      byte[] cut = Arrays.copyOf(bytes, i);
      assertThat(LaunchFile.parse(cut)).as("length %d", i).isInstanceOf(Reading.Damaged.class);
    }
  }

  @Test
  void refusesWhatCannotBeWritten() {
    assertThatThrownBy(() -> LaunchFile.render(launch(List.of("a\0b"), Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot hold a zero byte: arg=a?b");
    assertThatThrownBy(() -> launch(List.of(), Map.of())).hasMessageContaining("needs a command");
    assertThatThrownBy(() -> launch(List.of("true"), Map.of("A=B", "c")))
        .hasMessageContaining("Not a variable's name: 'A=B'");
    assertThatThrownBy(
            () -> new Launch(Path.of("/"), List.of("true"), Map.of(), TIMING, LEASE_LOSS))
        .hasMessageContaining("must name the run in HOLDFAST_RUN");
  }

  private static Launch launch(List<String> command, Map<String, String> variables) {
    Map<String, String> environment = new LinkedHashMap<>(variables);
    environment.put(Launch.RUN_VARIABLE, "r1");
    return new Launch(Path.of("/work tree"), command, environment, TIMING, LEASE_LOSS);
  }
}
