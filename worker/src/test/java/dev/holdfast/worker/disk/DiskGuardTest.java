package dev.holdfast.worker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskGuardTest {
  private static final long GIB = 1L << 30;
  private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");

  @TempDir Path data;
  private Instant now = START;
  private Room room = new Room(50 * GIB, 100 * GIB, 1_000_000, 2_000_000);
  private final List<Boolean> announced = new ArrayList<>();
  private final List<DiskGuard.Wanted> wanted = new ArrayList<>();
  private DiskGuard guard;

  @BeforeEach
  void guard() {
    guard = newGuard();
  }

  private DiskGuard newGuard() {
    var made = DiskGuard.of(data, () -> room, OptionalLong.empty(), () -> now);
    made.watch(() -> announced.add(made.takesWork()), wanted::add);
    return made;
  }

  private void free(long bytes) {
    room = new Room(bytes, room.totalBytes(), room.freeInodes(), room.totalInodes());
    guard.lookOnce();
  }

  private static HeldAttempt attempt(int number) {
    return new HeldAttempt(new JobId("job-" + number), new Token(number));
  }

  @Test
  void keepsOneGibibyteOrFivePercent() {
    assertThat(Marks.of(OptionalLong.empty(), room).reserveBytes()).isEqualTo(GIB);
    var small = new Room(GIB, 2 * GIB, Room.UNLIMITED, 0);
    assertThat(Marks.of(OptionalLong.empty(), small).reserveBytes()).isEqualTo(2 * GIB / 100 * 5);
    assertThat(Marks.of(OptionalLong.of(7), small)).isEqualTo(new Marks(7, 0));
  }

  @Test
  void takesNothingBelowTheReserveAndWorkAgainOnlyWellAboveIt() {
    free(GIB - 1);
    assertThat(guard.takesWork()).isFalse();
    assertThat(guard.unavailability().orElseThrow().since()).isEqualTo(START);
    assertThat(guard.unavailability().orElseThrow().reason())
        .isEqualTo("1024.0 MiB are free of 100.0 GiB, 1.0 GiB are reserved");

    now = now.plusSeconds(5);
    free(GIB + 1);
    assertThat(guard.takesWork()).as("a byte more is no reason to change one's mind").isFalse();
    assertThat(guard.unavailability().orElseThrow().since()).isEqualTo(START);

    free(GIB + GIB / 4);
    assertThat(guard.takesWork()).isTrue();
    assertThat(guard.unavailability()).isEmpty();
    assertThat(announced).containsExactly(false, true);
  }

  @Test
  void givesUpCachesAtOnceBelowTheLowerMarkAndAfterAWhileAboveIt() {
    free(GIB - 1);
    assertThat(wanted).isEmpty();
    now = now.plusSeconds(61);
    guard.lookOnce();
    assertThat(wanted).hasSize(1);

    wanted.clear();
    now = now.plusSeconds(1);
    free(2 * GIB);
    free(GIB / 2 - 1);
    assertThat(wanted).hasSize(1);
    assertThat(wanted.getFirst().met()).isFalse();
    free(2 * GIB);
    assertThat(wanted.getFirst().met()).isTrue();
  }

  @Test
  void countsInodesToo() {
    room = new Room(50 * GIB, 100 * GIB, 100, 2_000_000);

    assertThat(guard.refusal(attempt(1), Optional.empty()).orElseThrow())
        .contains("100 inodes are free of 2000000, 2000 are reserved");
  }

  @Test
  void expectsOfARepositoryWhatItTookBefore() throws IOException {
    Path big = Files.createDirectories(data.resolve("run/work"));
    try (var file = new java.io.RandomAccessFile(big.resolve("build").toFile(), "rw")) {
      file.setLength(3 * GIB);
    }
    guard.over(attempt(1), Optional.of("abc.git"), data.resolve("run"));
    free(4 * GIB - 1);

    String refusal = guard.refusal(attempt(2), Optional.of("abc.git")).orElseThrow();

    assertThat(refusal).contains("expected to need 3.0 GiB and 3 files", "1.0 GiB are reserved");
    assertThat(wanted).as("caches may make the difference").hasSize(1);
    assertThat(guard.takesWork()).as("others may fit").isTrue();
    assertThat(guard.refusal(attempt(3), Optional.of("other.git"))).isEmpty();
    assertThat(newGuard().refusal(attempt(2), Optional.of("abc.git")))
        .as("remembered by the next incarnation")
        .isPresent();
  }

  @Test
  void expectsAMirrorThatIsNotThereToBeFetchedAgain() throws IOException {
    Path mirror = Files.createDirectories(data.resolve("mirrors/abc.git"));
    try (var file = new java.io.RandomAccessFile(mirror.resolve("pack").toFile(), "rw")) {
      file.setLength(10 * GIB);
    }
    guard.over(attempt(1), Optional.of("abc.git"), Files.createDirectory(data.resolve("run")));
    free(10 * GIB);
    assertThat(guard.refusal(attempt(2), Optional.of("abc.git"))).as("it is there").isEmpty();
    guard.settled(attempt(2));

    Files.delete(mirror.resolve("pack"));
    Files.delete(mirror);

    assertThat(guard.refusal(attempt(3), Optional.of("abc.git")).orElseThrow())
        .contains("expected to need 10.0 GiB and 3 files");
    assertThat(newGuard().refusal(attempt(3), Optional.of("abc.git")))
        .as("remembered by the next incarnation")
        .isPresent();
    free(12 * GIB);
    assertThat(guard.refusal(attempt(3), Optional.of("abc.git"))).isEmpty();
  }

  @Test
  void countsWhatIsPromisedToThoseThatAreStarting() {
    free(GIB + 150 * 1024 * 1024);

    assertThat(guard.refusal(attempt(1), Optional.empty())).isEmpty();
    assertThat(guard.refusal(attempt(2), Optional.empty())).isEmpty();
    assertThat(guard.refusal(attempt(3), Optional.empty()).orElseThrow())
        .contains("128.0 MiB promised");

    guard.settled(attempt(1));
    assertThat(guard.refusal(attempt(3), Optional.empty())).isEmpty();
  }

  @Test
  void beginsAnewWithADamagedHistory() throws IOException {
    guard.over(attempt(1), Optional.of("abc.git"), Files.createDirectory(data.resolve("run")));
    Path file = data.resolve("disk-history");
    Files.writeString(file, Files.readString(file).replace("abc", "abd"));

    guard = newGuard();

    assertThat(guard.refusal(attempt(2), Optional.of("abc.git"))).isEmpty();
    assertThat(file).doesNotExist();
    try (var files = Files.list(data)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .anyMatch(name -> name.startsWith("disk-history.damaged."));
    }
  }

  @Test
  void saysWhetherTheDiskWasFullWhileAJobRan() {
    assertThat(guard.wasFullSince(START)).isEmpty();
    now = START.plusSeconds(10);
    free(1000);
    now = START.plusSeconds(20);
    free(50 * GIB);

    assertThat(guard.wasFullSince(START.plusSeconds(5)).orElseThrow())
        .contains("2026-05-01T10:00:10Z", "50.0 GiB are free");
    assertThat(guard.wasFullSince(START.plusSeconds(15))).isEmpty();
  }

  @Test
  void asksTheKernel() throws IOException {
    Room here = FileSystemRoom.look(data);
    var store = Files.getFileStore(data);

    assertThat(here.totalBytes()).isEqualTo(store.getTotalSpace());
    assertThat(here.freeBytes()).isBetween(1L, store.getTotalSpace());
    assertThat(here.freeInodes()).isNotZero();
  }
}
