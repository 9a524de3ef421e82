package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlFileTest {

  @Test
  void isOneLineThatPeopleCanRead() {
    byte[] bytes = new Lease(1700).render();

    assertThat(new String(bytes, US_ASCII))
        .isEqualTo("holdfast1 lease deadline_ms=1700 crc32=f9343a43\n");
  }

  @Test
  void readsWhatItWrote() {
    ControlFile file = ControlFile.named("beat").with("state", "a=b").with("n", 7).with("none", "");

    assertThat(ControlFile.parse("beat", file.render())).isEqualTo(new Reading.Whole<>(file));
  }

  @Test
  void recognisesEveryFlippedBit() {
    byte[] bytes = new Lease(123_456_789).render();

    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Lease.parse(flipped)).as("bit %d", bit).isInstanceOf(Reading.Damaged.class);
    }
  }

  @Test
  void recognisesEveryCut() {
    byte[] bytes = new Lease(123_456_789).render();

    for (int length = 0; length < bytes.length; length++) {
      assertThat(Lease.parse(Arrays.copyOf(bytes, length)))
          .as("length %d", length)
          .isInstanceOf(Reading.Damaged.class);
    }
  }

  @Test
  void allowsOnlyPaddingAfterTheLine() {
    String line = new String(new Lease(5).render(), US_ASCII);

    assertThat(Lease.parse((line + "\n \n  ").getBytes(US_ASCII)))
        .isEqualTo(new Reading.Whole<>(new Lease(5)));
    assertThat(Lease.parse((line + line).getBytes(US_ASCII))).isInstanceOf(Reading.Damaged.class);
  }

  @Test
  void refusesFileOfAnotherName() {
    assertThat(Beat.parse(new Lease(5).render()))
        .isEqualTo(new Reading.Damaged<>("it does not begin with: holdfast1 beat"));
  }

  @Test
  void saysWhichValueIsSenseless() {
    byte[] bytes = ControlFile.named("lease").with("deadline_ms", "soon").render();

    assertThat(Lease.parse(bytes))
        .isEqualTo(
            new Reading.Damaged<>("File lease must have a number for deadline_ms, not: soon"));
    assertThat(Lease.parse(ControlFile.named("lease").render()))
        .isEqualTo(new Reading.Damaged<>("File lease has no deadline_ms"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "line\nend", "größer", "zero\0"})
  void refusesValuesThatWouldBreakTheLine(String value) {
    ControlFile file = ControlFile.named("stop");

    assertThatThrownBy(() -> file.with("reason", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The value of reason must be printable ASCII");
  }

  @ParameterizedTest
  @EnumSource(Stop.Reason.class)
  void rendersAndReadsStops(Stop.Reason reason) {
    Stop stop = new Stop(reason, Duration.ofMillis(1500));

    assertThat(Stop.parse(stop.render())).isEqualTo(new Reading.Whole<>(stop));
  }

  @Test
  void readsBeats() {
    ControlFile running =
        ControlFile.named("beat")
            .with("boottime_ms", 5000)
            .with("state", "running")
            .with("frozen_since_ms", 0)
            .with("job_pid", 77);

    assertThat(Beat.parse(running.render()))
        .isEqualTo(
            new Reading.Whole<>(new Beat(5000, Beat.State.RUNNING, OptionalLong.empty(), 77)));
    assertThat(Beat.parse(running.with("state", "frozen").render()))
        .isInstanceOf(Reading.Damaged.class);
  }

  @Test
  void readsExitRecordWithPadding() {
    ControlFile file =
        ControlFile.named("exit")
            .with("kind", "timed-out")
            .with("reason", "run")
            .with("signal", 15)
            .with("ended_wall_ms", 1)
            .with("wall_ms", 2)
            .with("frozen_ms", 3)
            .with("stdout_bytes", 4)
            .with("stderr_bytes", 5)
            .with("utime_ms", 6)
            .with("stime_ms", 7)
            .with("maxrss_kb", 8)
            .with("leftovers", 9)
            .with("remaining", 0);
    byte[] padded = Arrays.copyOf(file.render(), 4096);
    Arrays.fill(padded, file.render().length, 4096, (byte) '\n');

    Ending.Leader leader = new Ending.Leader(OptionalInt.empty(), OptionalInt.of(15));
    assertThat(ExitRecord.parse(padded))
        .isEqualTo(
            new Reading.Whole<>(
                new ExitRecord(
                    new Ending.TimedOut("run", leader),
                    1,
                    new Usage(2, 3, 4, 5, 6, 7, 8, 13, 8 * 1024, 0, 0),
                    9,
                    9,
                    0,
                    0)));
    assertThat(ExitRecord.parse(file.with("kind", "vanished").render()))
        .isEqualTo(new Reading.Damaged<>("not a kind of ending: vanished"));
  }

  @Test
  void tellsMissingFromDamaged(@TempDir Path directory) throws Exception {
    assertThat(Reading.of(directory.resolve("lease"), Lease::parse))
        .isEqualTo(new Reading.Missing<>());
  }
}
