package dev.holdfast.standalone.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildLogTest {
  @TempDir private Path dir;

  @BeforeEach
  void makeTheDirectory() throws IOException {
    Files.createDirectories(dir.resolve("logs"));
  }

  @Test
  void tellsTheLastFailureOfThisLifeAndNotWhatFollowedIt() throws IOException {
    write("holdfast: an earlier life's failure\n");
    ChildLog log = ChildLog.from(dir, "control");
    write(
        """
        2026-11-23 INFO  starting
        holdfast: cannot listen on 127.0.0.1:8080
        \tat dev.holdfast.Somewhere
        2026-11-23 INFO  closing coordinator
        """);

    assertThat(log.lastWords()).hasValue("holdfast: cannot listen on 127.0.0.1:8080");
  }

  @Test
  void tellsTheLastLineWhereNothingLooksLikeAFailure() throws IOException {
    ChildLog log = ChildLog.from(dir, "control");
    write("Error: Could not find or load main class X\nCaused by: java.lang.X\n\tat Y\n");

    assertThat(log.lastWords()).hasValue("Caused by: java.lang.X");
  }

  @Test
  void hasNothingToTellOfALifeThatWroteNothing() throws IOException {
    write("holdfast: an earlier life's failure\n");

    assertThat(ChildLog.from(dir, "control").lastWords()).isEmpty();
    assertThat(ChildLog.from(dir, "gateway").lastWords()).isEmpty();
  }

  @Test
  void readsAllOfALogThatWasMovedAsideAtTheStart() throws IOException {
    write("a long life, full of words\n");
    ChildLog log = ChildLog.from(dir, "control");
    Files.delete(ChildLog.path(dir, "control"));
    write("holdfast: short\n");

    assertThat(log.lastWords()).hasValue("holdfast: short");
  }

  private void write(String text) throws IOException {
    Files.writeString(
        ChildLog.path(dir, "control"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
