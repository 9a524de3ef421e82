package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker is upgraded while shims of the release before run: it must understand their files, byte
 * for byte as they wrote them, and what a later release may add.
 */
class EarlierReleaseTest {
  private static final String IDENTITY =
      "holdfast1 identity boot_id=8c5f0f6e-52a3-4f0e-8f5e-7f4b4f6ad8d6 shim_pid=4711 shim_start=120"
          + " job_pid=4712 job_start=121";
  private static final String EXIT =
      "holdfast1 exit kind=stopped reason=cancelled signal=9 ended_wall_ms=1795000000000"
          + " wall_ms=1500 frozen_ms=20 stdout_bytes=7 stderr_bytes=5 utime_ms=300 stime_ms=40"
          + " maxrss_kb=2048 leftovers=2 remaining=0";
  private static final String BEAT =
      "holdfast1 beat boottime_ms=99 state=running frozen_since_ms=0 job_pid=4712";

  @TempDir Path root;

  private static byte[] sealed(String line) {
    var crc = new CRC32();
    crc.update(line.getBytes(UTF_8));
    return (line + " crc32=%08x\n".formatted(crc.getValue())).getBytes(UTF_8);
  }

  @Test
  void understandsTheExitRecordAndMakesUpWhatWasNotCounted() {
    ExitRecord exit = ExitRecord.parse(sealed(EXIT)).whole().orElseThrow();

    assertThat(exit.ending())
        .isEqualTo(
            new Ending.Stopped(
                "cancelled", new Ending.Leader(OptionalInt.empty(), OptionalInt.of(9))));
    assertThat(exit.killed()).as("its leftovers and the leader").isEqualTo(3);
    assertThat(exit.usage())
        .isEqualTo(new Usage(1500, 20, 7, 5, 300, 40, 2048, 340, 2048 * 1024, 0, 0));
  }

  @Test
  void understandsIdentityAndBeat() {
    assertThat(Identity.parse(sealed(IDENTITY)).whole().orElseThrow().job().pid()).isEqualTo(4712);
    assertThat(Beat.parse(sealed(BEAT)).whole().orElseThrow().state())
        .isEqualTo(Beat.State.RUNNING);
  }

  @Test
  void passesOverWhatALaterReleaseAdds() {
    assertThat(ExitRecord.parse(sealed(EXIT + " later=1")).whole()).isPresent();
    assertThat(Identity.parse(sealed(IDENTITY + " later=x")).whole()).isPresent();
    assertThat(Beat.parse(sealed(BEAT + " later=x")).whole()).isPresent();
  }

  /** As that release wrote it: no word of place, cgroups, silence or finisher. */
  private static byte[] launch(Path directory, String name, String more) {
    var text =
        new StringBuilder("version=1\0cwd=" + directory)
            .append("\0stop_grace_ms=1000\0beat_ms=100\0run_timeout_ms=0\0frozen_limit_ms=60000")
            .append("\0frozen_limit_worker_ms=60000\0worker_lock=" + directory + "/lock")
            .append("\0on_lost_lease=freeze\0" + more + "arg=sh\0arg=-c\0arg=echo ran; exit 5")
            .append("\0env=PATH=/usr/bin:/bin\0env=HOLDFAST_RUN=" + name + "\0");
    var crc = new CRC32();
    crc.update(text.toString().getBytes(UTF_8));
    return (text + "crc32=%08x\0".formatted(crc.getValue())).getBytes(UTF_8);
  }

  @Test
  void launchesAndEndsByItsLaunchFile() throws Exception {
    for (String more : List.of("", "later_ms=7\0")) {
      try (ShimRun run = new ShimRun(root)) {
        Files.write(run.directory.resolve(LaunchFile.NAME), launch(root, run.name, more));
        run.renew(Duration.ofMinutes(1));

        assertThat(run.shim.start(run.directory)).isEqualTo(new Shim.Start.Launched());

        assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Exited(5));
        ShimRun.eventually(() -> !run.identity().shim().isAlive());
        assertThat(run.shim.end(run.directory, Duration.ZERO)).isEqualTo(new Shim.Ended(0, 0));
      }
    }
    Launch parsed = LaunchFile.parse(launch(root, "run-1", "")).whole().orElseThrow();
    assertThat(parsed.finisher()).isNull();
    assertThat(parsed.timing().idleOutput()).isZero();
    assertThat(parsed.confinement()).isEqualTo(Launch.Confinement.NONE);
  }
}
