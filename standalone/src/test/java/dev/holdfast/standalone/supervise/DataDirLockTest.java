package dev.holdfast.standalone.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks within one JVM; {@link AdoptionTest} covers two. */
class DataDirLockTest {

  @TempDir Path dir;

  @Test
  void refusesASecondHolderInTheSameJvm() {
    try (DataDirLock first = DataDirLock.take(dir, "up")) {
      assertThatThrownBy(() -> DataDirLock.take(dir, "up"))
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessageContaining("pid " + ProcessHandle.current().pid())
          .hasMessageContaining(first.directory().toString());
    }
  }

  @Test
  void canBeTakenAgainAfterItWasReleased() {
    DataDirLock.take(dir, "up").close();

    try (DataDirLock again = DataDirLock.take(dir, "up")) {
      assertThat(again.directory()).isDirectory();
    }
  }

  @Test
  void isOneForAllNamesOfADirectory() throws Exception {
    Path link =
        Files.createSymbolicLink(dir.resolve("link"), Files.createDirectory(dir.resolve("real")));

    try (DataDirLock first = DataDirLock.take(link, "up")) {
      assertThatThrownBy(() -> DataDirLock.take(dir.resolve("real"), "up"))
          .isInstanceOf(DirectoryInUseException.class);
      assertThat(first.directory()).isEqualTo(dir.resolve("real").toRealPath());
    }
  }

  @Test
  void purposesDoNotShutOutOneAnother() {
    try (DataDirLock up = DataDirLock.take(dir, "up");
        DataDirLock broker = DataDirLock.take(dir, "broker")) {
      assertThat(up.directory()).isEqualTo(broker.directory());
    }
  }
}
