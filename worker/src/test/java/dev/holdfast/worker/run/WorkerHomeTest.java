package dev.holdfast.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerHomeTest {
  @TempDir Path directory;

  @Test
  void keepsItsNameAndCountsItsStarts() throws IOException {
    try (var first = WorkerHome.open(directory, Optional.of("w-7"))) {
      assertThat(first.id().value()).isEqualTo("w-7");
      assertThat(first.incarnation()).isEqualTo(1);
      assertThat(first.lastSeen()).isEmpty();
    }
    try (var second = WorkerHome.open(directory, Optional.empty())) {
      assertThat(second.id().value()).isEqualTo("w-7");
      assertThat(second.incarnation()).isEqualTo(2);
    }
  }

  @Test
  void makesUpANameOnce() throws IOException {
    String name;
    try (var first = WorkerHome.open(directory, Optional.empty())) {
      name = first.id().value();
    }
    try (var second = WorkerHome.open(directory, Optional.empty())) {
      assertThat(second.id().value()).isEqualTo(name);
    }
  }

  @Test
  void refusesAnotherName() throws IOException {
    WorkerHome.open(directory, Optional.of("w-1")).close();

    assertThatThrownBy(() -> WorkerHome.open(directory, Optional.of("w-2")))
        .hasMessageContaining("belongs to worker w-1")
        .hasMessageContaining("directory of its own");
    WorkerHome.open(directory, Optional.of("w-1")).close();
  }

  @Test
  void isUsedByOneWorkerAtATime() throws IOException {
    try (var first = WorkerHome.open(directory, Optional.of("w-1"))) {
      assertThat(first.id().value()).isEqualTo("w-1");
      assertThatThrownBy(() -> WorkerHome.open(directory, Optional.of("w-1")))
          .hasMessageContaining("another worker uses");
    }
  }

  @Test
  void otherProcessesSeeTheLockAlsoAfterItLeftATraceOfBeingAlive() throws Exception {
    try (var home = WorkerHome.open(directory, Optional.of("w-1"))) {
      home.seen(Instant.now());

      assertThat(locked(home.lockPath())).isTrue();
    }
    assertThat(locked(directory.resolve("worker.lock"))).isFalse();
  }

  /** As the kernel shows it to everybody. */
  private static boolean locked(Path file) throws IOException {
    String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .anyMatch(line -> line.contains("POSIX") && line.contains(inode));
  }

  @Test
  void knowsWhenItWasLastSeen() throws IOException {
    Instant seen = Instant.parse("2026-01-02T03:04:05Z");
    try (var first = WorkerHome.open(directory, Optional.of("w-1"))) {
      first.seen(seen);
    }
    try (var second = WorkerHome.open(directory, Optional.of("w-1"))) {
      assertThat(second.lastSeen()).contains(seen);
    }
  }

  @Test
  void countsOnFromTheClockWhenItsCounterIsDamaged() throws IOException {
    WorkerHome.open(directory, Optional.of("w-1")).close();
    Files.writeString(directory.resolve("incarnation"), "?");

    try (var later = WorkerHome.open(directory, Optional.of("w-1"))) {
      assertThat(later.incarnation()).isGreaterThan(1_700_000_000);
    }
  }
}
