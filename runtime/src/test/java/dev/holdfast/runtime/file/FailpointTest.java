package dev.holdfast.runtime.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fails and kills a writer at every system call that it makes for the file. Whatever happens, the
 * file is the old one or the new one, and a writer that was not told of a failure has written the
 * new one.
 */
class FailpointTest {
  private static final String OLD = "old content ".repeat(40);
  private static final String NEW = "new content, and longer ".repeat(50);

  /** More than any of the calls is made for one file. */
  private static final int MOST_CALLS = 3;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void needStrace() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace (package strace)");
    file = directory.resolve("state");
    assumeTrue(
        run("write", "write:delay_exit=1:when=1000").exitCode() == 0,
        "needs to be allowed to trace a process");
  }

  @Test
  void aCallThatFailsLeavesTheOldFileOrTheNewOneAndIsTold() throws Exception {
    int failures = 0;
    for (String fault :
        List.of(
            "openat:error=ENOSPC",
            "write:error=ENOSPC",
            "fsync:error=EIO",
            "rename:error=ENOSPC")) {
      failures += everyCall("write", fault);
    }
    assertThat(failures).as("faults that hit").isGreaterThanOrEqualTo(4);
  }

  @Test
  void aKillAtAnyCallLeavesTheOldFileOrTheNewOne() throws Exception {
    int kills = 0;
    for (String call : List.of("openat", "write", "fsync", "rename", "close")) {
      kills += everyCall("write", call + ":signal=KILL");
    }
    assertThat(kills).as("kills that hit").isGreaterThanOrEqualTo(4);
  }

  @Test
  void theRoomSetAsideIsUsedWhenTheFirstFileCannotBeWritten() throws Exception {
    for (String fault : List.of("fsync:error=EIO:when=1", "rename:error=ENOSPC:when=1")) {
      Files.writeString(file, OLD);
      Reserved.room(file, 4096);

      Run run = run("reserved", fault);

      assertThat(run.exitCode()).as("%s: %s", fault, run).isZero();
      assertThat(file).hasContent(NEW);
      assertThat(names()).containsExactly("state");
      Files.delete(file);
    }
  }

  /** Answers how many of the calls were hit. */
  private int everyCall(String how, String fault) throws Exception {
    int hits = 0;
    for (int when = 1; when <= MOST_CALLS; when++) {
      Files.writeString(file, OLD);
      Run run = run(how, fault + ":when=" + when);
      String found = Files.readString(file);
      assertThat(found).as("%s at call %d: %s", fault, when, run).isIn(OLD, NEW);
      if (run.exitCode() == 0) {
        assertThat(found).as("said to be written, %s at call %d", fault, when).isEqualTo(NEW);
      } else {
        hits++;
      }
      if (run.exitCode() == WriteOnce.FAILED) {
        assertThat(names()).as("a failed write tidies up").containsExactly("state");
      }
      sweep();
    }
    return hits;
  }

  private void sweep() throws IOException {
    for (String name : names()) {
      assertThat(name)
          .satisfiesAnyOf(
              n -> assertThat(n).isEqualTo("state"),
              n -> assertThat(n).endsWith(AtomicFile.TEMPORARY_SUFFIX));
      Files.deleteIfExists(directory.resolve(name));
    }
  }

  private record Run(int exitCode, String output) {}

  private Run run(String how, String fault) throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                WriteOnce.class.getName(),
                how,
                file.toString(),
                NEW)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(writer.getInputStream(), UTF_8))) {
      assertThat(output.readLine()).isEqualTo("ready");
      Process strace = attach(writer.pid(), fault);
      writer.getOutputStream().write('\n');
      writer.getOutputStream().flush();
      assertThat(writer.waitFor(30, TimeUnit.SECONDS)).as("the writer ends").isTrue();
      assertThat(strace.waitFor(30, TimeUnit.SECONDS)).as("strace ends").isTrue();
      return new Run(writer.exitValue(), String.join("\n", output.lines().toList()));
    } finally {
      writer.destroyForcibly();
    }
  }

  /** The writer has written once before, so that what it calls now is for the file alone. */
  private Process attach(long pid, String fault) throws IOException {
    Process strace =
        new ProcessBuilder("strace", "-f", "-e", "inject=" + fault, "-p", Long.toString(pid))
            .redirectErrorStream(true)
            .start();
    var attached = new BufferedReader(new InputStreamReader(strace.getInputStream(), UTF_8));
    var said = new ArrayList<String>();
    for (String line = attached.readLine(); line != null; line = attached.readLine()) {
      said.add(line);
      if (line.contains("attached")) {
        Thread.ofVirtual().start(() -> attached.lines().forEach(ignored -> {}));
        return strace;
      }
    }
    throw new IOException("strace did not attach: " + said);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }
}
