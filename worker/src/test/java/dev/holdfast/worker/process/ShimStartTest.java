package dev.holdfast.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command finds when it starts, and what is recorded when it cannot. */
class ShimStartTest {

  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int ENOTDIR = 20;

  @TempDir Path root;

  @Test
  void recordsThatTheCommandDoesNotExist() throws Exception {
    try (ShimRun run = new ShimRun(root).start("no-such-command-anywhere")) {
      assertThat(run.awaitExit().ending()).isEqualTo(startFailed("exec", ENOENT));
    }
  }

  @Test
  void recordsThatTheCommandIsNotExecutable() throws Exception {
    Path file = Files.writeString(root.resolve("plain-file"), "exit 0\n");

    try (ShimRun run = new ShimRun(root).start(file.toString())) {
      assertThat(run.awaitExit().ending()).isEqualTo(startFailed("exec", EACCES));
    }
    try (ShimRun run = new ShimRun(root).variable("PATH", root + ":/usr/bin").start("plain-file")) {
      assertThat(run.awaitExit().ending()).isEqualTo(startFailed("exec", EACCES));
    }
  }

  @Test
  void recordsThatTheWorkingDirectoryIsBad() throws Exception {
    try (ShimRun run = new ShimRun(root).in(root.resolve("nowhere")).start("true")) {
      assertThat(run.awaitExit().ending()).isEqualTo(startFailed("cwd", ENOENT));
    }
    Path file = Files.createFile(root.resolve("file"));
    try (ShimRun run = new ShimRun(root).in(file).start("true")) {
      assertThat(run.awaitExit().ending()).isEqualTo(startFailed("cwd", ENOTDIR));
    }
  }

  @Test
  void searchesThePathOfTheJob() throws Exception {
    Path first = Files.createDirectory(root.resolve("first"));
    Path second = Files.createDirectory(root.resolve("second"));
    Files.writeString(first.resolve("tool"), "not executable, passed over");
    script(second.resolve("tool"), "#!/bin/sh\necho from the second\n");

    try (ShimRun run = new ShimRun(root).variable("PATH", first + ":" + second).start("tool")) {
      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Exited(0));
      assertThat(run.stdout()).isEqualTo("from the second\n");
    }
  }

  @Test
  void runsScriptWithoutInterpreterLineBySh() throws Exception {
    Path bare = script(root.resolve("bare"), "echo \"$# $1\"; exit 4\n");

    try (ShimRun run = new ShimRun(root).start(bare.toString(), "an argument")) {
      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Exited(4));
      assertThat(run.stdout()).isEqualTo("1 an argument\n");
    }
  }

  @Test
  void givesTheJobExactlyItsEnvironment() throws Exception {
    ShimRun prepared =
        new ShimRun(root)
            .variable("EMPTY", "")
            .variable("LINES", "one\ntwo = 2")
            .variable("UMLAUT", "größer");

    try (ShimRun run = prepared.start("cat", "/proc/self/environ")) {
      run.awaitExit();

      StringBuilder expected = new StringBuilder();
      run.environment().forEach((name, value) -> expected.append(name + "=" + value + "\0"));
      assertThat(run.stdout()).isEqualTo(expected.toString());
    }
  }

  @Test
  void givesTheJobItsArgumentsAndDirectory() throws Exception {
    Path elsewhere = Files.createDirectory(root.resolve("else where"));
    String script = "printf '%s|' \"$@\"; pwd";

    try (ShimRun run =
        new ShimRun(root)
            .in(elsewhere)
            .start("sh", "-c", script, "sh", "", " a\n", "*", "größer")) {
      run.awaitExit();

      assertThat(run.stdout()).isEqualTo("| a\n|*|größer|" + elsewhere + "\n");
    }
  }

  @Test
  void keepsEveryByteOfTheOutput() throws Exception {
    byte[] bytes = new byte[1 << 20];
    new Random(7).nextBytes(bytes);
    Path file = Files.write(root.resolve("random"), bytes);

    try (ShimRun run =
        new ShimRun(root).start("sh", "-c", "cat $0 $0; cat $0 >&2", file.toString())) {
      Usage usage = run.awaitExit().usage();

      assertThat(Files.readAllBytes(run.directory.resolve("stderr"))).isEqualTo(bytes);
      assertThat(Files.size(run.directory.resolve("stdout"))).isEqualTo(2L << 20);
      assertThat(usage.stdoutBytes()).isEqualTo(2L << 20);
      assertThat(usage.stderrBytes()).isEqualTo(1L << 20);
    }
  }

  @Test
  void handsDownNoDescriptorAndNoSignalSetting() throws Exception {
    String script =
        """
        readlink /proc/$$/fd/0; ls /proc/$$/fd
        exec grep -E 'Sig(Blk|Ign)' /proc/self/status
        """;
    ShimRun run = new ShimRun(root).prepare("sh", "-c", script);
    String careless = "trap '' TERM INT HUP; exec 7</etc/passwd 9>>$1.leak; exec $0 $1";

    String binary = ShimBinary.unpackTo(root.resolve("bin")).toString();
    new ProcessBuilder("sh", "-c", careless, binary, run.directory.toString()).start().waitFor();

    try (run) {
      run.awaitExit();
      assertThat(run.stdout())
          .isEqualTo("/dev/null\n0\n1\n2\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    }
  }

  @Test
  void writesTheIdentityBeforeTheCommandRuns() throws Exception {
    ShimRun prepared = new ShimRun(root);
    String script = "cat " + prepared.directory.resolve(Identity.FILE) + "; echo pid $$";

    try (ShimRun run = prepared.startScript(script)) {
      run.awaitExit();

      String identity = Files.readString(run.directory.resolve(Identity.FILE), UTF_8);
      assertThat(run.stdout()).isEqualTo(identity + "pid " + run.identity().job().pid() + "\n");
      assertThat(run.identity().shim().bootId()).isEqualTo(BootClock.bootId());
    }
  }

  @Test
  void launchesDirectoryOnlyOnceHoweverManyTry() throws Exception {
    ShimRun run = new ShimRun(root).prepare("sh", "-c", "echo started; sleep 0.2");
    List<Callable<Shim.Start>> starts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      starts.add(() -> run.shim.start(run.directory));
    }

    List<Shim.Start> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Shim.Start> start : threads.invokeAll(starts)) {
        results.add(start.get());
      }
    }

    try (run) {
      run.awaitExit();
      assertThat(results).containsOnlyOnce(new Shim.Start.Launched());
      assertThat(results.stream().filter(new Shim.Start.LaunchedBefore()::equals)).hasSize(7);
      assertThat(run.shim.start(run.directory)).isEqualTo(new Shim.Start.LaunchedBefore());
      assertThat(run.stdout()).isEqualTo("started\n");
    }
  }

  @Test
  void refusesDamagedLaunchFileAndWritesNothing() throws Exception {
    ShimRun run = new ShimRun(root).prepare("true");
    Path file = run.directory.resolve(LaunchFile.NAME);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    AtomicFile.write(file, bytes);

    Shim.Start start = run.shim.start(run.directory);

    assertThat(start)
        .isInstanceOfSatisfying(
            Shim.Start.Refused.class,
            refused -> {
              assertThat(refused.exitCode()).isEqualTo(4);
              assertThat(refused.message()).contains(run.name, "checksum is wrong");
            });
    assertThat(run.directory).isDirectoryNotContaining("glob:**/{identity,exit,stdout}*");
  }

  @Test
  void doesNotStartWithoutLivingLease() throws Exception {
    try (ShimRun run = new ShimRun(root).lease(Duration.ofMillis(-1)).start("echo", "ran")) {
      assertThat(run.awaitExit().ending())
          .isEqualTo(new Ending.StartFailed("lease", OptionalInt.empty()));
      assertThat(run.stdout()).isEmpty();
    }
    ShimRun missing = new ShimRun(root).prepare("echo", "ran");
    Files.delete(missing.directory.resolve(Lease.FILE));
    try (missing) {
      assertThat(missing.shim.start(missing.directory)).isEqualTo(new Shim.Start.Launched());
      assertThat(missing.awaitExit().ending())
          .isEqualTo(new Ending.StartFailed("lease", OptionalInt.empty()));
      assertThat(missing.stdout()).isEmpty();
    }
  }

  @Test
  void doesNotStartWhatWasStoppedBefore() throws Exception {
    ShimRun run = new ShimRun(root).prepare("echo", "ran");
    run.stop(Stop.Reason.CANCELLED, Duration.ZERO);

    try (run) {
      run.shim.start(run.directory);

      Ending.Leader neverRan = new Ending.Leader(OptionalInt.empty(), OptionalInt.empty());
      assertThat(run.awaitExit().ending()).isEqualTo(new Ending.Stopped("cancelled", neverRan));
      assertThat(run.stdout()).isEmpty();
    }
  }

  private static Ending startFailed(String cause, int errno) {
    return new Ending.StartFailed(cause, OptionalInt.of(errno));
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
