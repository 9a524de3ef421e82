package dev.holdfast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.runtime.config.Setting;
import dev.holdfast.runtime.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The systemd unit keeps what its comments promise: stopping the service ends no job. */
class ServiceUnitTest {
  private static final Path UNIT = Path.of("..", "deploy", "holdfast-worker.service");

  @TempDir Path temporary;

  private static Map<String, String> settings(String section) throws IOException {
    var settings = new HashMap<String, String>();
    String current = "";
    for (String line : Files.readAllLines(UNIT)) {
      if (line.startsWith("[")) {
        current = line.replaceAll("[\\[\\]]", "");
      } else if (current.equals(section) && line.matches("[A-Z].*=.*")) {
        int equals = line.indexOf('=');
        settings.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return settings;
  }

  @Test
  void signalsOnlyTheWorkerItself() throws Exception {
    assertThat(settings("Service"))
        .containsEntry("KillMode", "process")
        .containsEntry("KillSignal", "SIGTERM")
        .doesNotContainEntry("SendSIGHUP", "yes")
        .containsEntry("Type", "exec");
  }

  /** KILL while it drains would be survived too, but needs an adoption. */
  @Test
  void leavesTimeToDrain() throws Exception {
    Duration drain = Settings.of(Map.of()).duration(Setting.DRAIN);
    long stopSeconds = Long.parseLong(settings("Service").get("TimeoutStopSec"));

    assertThat(Duration.ofSeconds(stopSeconds)).isGreaterThan(drain.plusSeconds(15));
  }

  @Test
  void startsAgainWhateverHappens() throws Exception {
    assertThat(settings("Service"))
        .containsEntry("Restart", "always")
        .containsEntry("OOMPolicy", "continue");
    assertThat(settings("Unit")).containsEntry("StartLimitIntervalSec", "0");
  }

  @Test
  void delegatesWhatLimitsOfJobsNeedBesideTheWorkersOwnCgroup() throws Exception {
    assertThat(settings("Service")).containsEntry("DelegateSubgroup", "worker");
    assertThat(settings("Service").get("Delegate").split(" "))
        .contains("cpu", "memory", "pids", "io");
  }

  @Test
  void letsTheWorkerOutliveItsJobsWhenMemoryIsShort() throws Exception {
    assertThat(Integer.parseInt(settings("Service").get("OOMScoreAdjust"))).isNegative();
  }

  @Test
  void namesOnlySettingsThatExist() throws Exception {
    List<String> known = Arrays.stream(Setting.values()).map(Setting::key).toList();
    try (Stream<String> lines = Files.lines(UNIT.resolveSibling("worker.env"))) {
      assertThat(lines.filter(line -> line.matches("#?HOLDFAST_.*")))
          .isNotEmpty()
          .allSatisfy(line -> assertThat(known).contains(line.replaceAll("#|=.*", "")));
    }
  }

  @Test
  void isAcceptedBySystemd() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/systemd-analyze")),
        "skipped: systemd-analyze is not installed (Debian: apt install systemd)");
    Path unit = temporary.resolve("holdfast-worker.service");
    Files.writeString(
        unit, Files.readString(UNIT).replaceAll("(?m)^ExecStart=\\S+", "ExecStart=/bin/true"));

    Process verify =
        new ProcessBuilder("systemd-analyze", "verify", unit.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    /* Before version 254 it does not know the subgroup, and says that it does without. */
    assertThat(said.lines().filter(line -> line.contains("holdfast-worker.service")))
        .allSatisfy(line -> assertThat(line).contains("DelegateSubgroup"));
    assertThat(verify.waitFor()).isZero();
  }
}
