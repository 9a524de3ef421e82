package dev.holdfast.worker.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.worker.run.RunDirectories;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a sweep at one removal after the other: the next one finishes what was begun. */
class KilledSweepTest {
  @TempDir Path temporary;

  @Test
  void theNextSweepFinishesWhatAKilledOneBegan() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace (package strace)");
    int kills = 0;
    for (String call : List.of("unlink", "rmdir", "rename")) {
      for (int when = 1; when <= 3; when++) {
        Path data = plant(call + when);
        kills += sweepKilledAt(data, call + ":signal=KILL:when=" + when) ? 1 : 0;

        boolean begun = Files.exists(data.resolve("sweep/intents"));
        var now = new Instant[] {Instant.now()};
        Sweep sweep = SweepProcess.over(data, () -> now[0]);

        Sweep.Summary next = sweep.runOnce();

        if (begun) {
          assertThat(left(data)).as("%s %d: %s", call, when, next).containsExactly("runs/held/1");
        }
        now[0] = now[0].plus(SweepProcess.APART);
        next = sweep.runOnce();
        assertThat(left(data)).as("%s %d: %s", call, when, next).containsExactly("runs/held/1");
      }
    }
    assertThat(kills).isGreaterThanOrEqualTo(7);
  }

  private Path plant(String name) throws IOException {
    Path data = temporary.resolve(name);
    RunDirectories runs = RunDirectories.open(data.resolve("runs"));
    Files.createDirectories(data.resolve("shim"));
    for (String job : List.of("held", "stray-1", "stray-2", "stray-3")) {
      Path work = Runs.make(runs, job, null).work();
      Files.writeString(Files.createDirectories(work).resolve("file"), "x");
    }
    return data;
  }

  private static Set<String> left(Path data) throws IOException {
    try (Stream<Path> runs = Files.walk(data.resolve("runs"), 2);
        Stream<Path> trash = Files.list(data.resolve("trash"))) {
      return Stream.concat(runs.filter(path -> Files.exists(path.resolve("run.json"))), trash)
          .map(path -> data.relativize(path).toString())
          .collect(Collectors.toSet());
    }
  }

  private static boolean sweepKilledAt(Path data, String fault) throws Exception {
    Process sweep =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SweepProcess.class.getName(),
                data.toString())
            .redirectErrorStream(true)
            .start();
    try (var output = new BufferedReader(new InputStreamReader(sweep.getInputStream(), UTF_8))) {
      String line = output.readLine();
      while (line != null && !line.equals("ready")) {
        line = output.readLine();
      }
      assertThat(line).isEqualTo("ready");
      Process strace = attach(sweep.pid(), fault);
      sweep.getOutputStream().write('\n');
      sweep.getOutputStream().flush();
      assertThat(sweep.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(strace.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return sweep.exitValue() != 0;
    } finally {
      sweep.destroyForcibly();
    }
  }

  private static Process attach(long pid, String fault) throws IOException {
    Process strace =
        new ProcessBuilder("strace", "-f", "-e", "inject=" + fault, "-p", Long.toString(pid))
            .redirectErrorStream(true)
            .start();
    var said = new BufferedReader(new InputStreamReader(strace.getInputStream(), UTF_8));
    String line = said.readLine();
    while (line != null && !line.contains("attached")) {
      line = said.readLine();
    }
    assumeTrue(line != null, "needs to be allowed to trace a process");
    Thread.ofVirtual().start(() -> said.lines().forEach(ignored -> {}));
    return strace;
  }
}
